/** `report.html`: one file for a person at 3 a.m.; works without script and network, prints, light and dark, wide and narrow. */
import type { Report } from '../contracts/report';
import { findingGroupsOf, targetsOf, type TargetResults } from './findings';
import { anchorsOf, type Anchors } from './html/anchors';
import { certificateTable, lastGoodNote, mergedCertificates } from './html/certificates';
import { certificateTimeLine } from './html/certificate-time-line';
import { exchangeSection } from './html/exchange-section';
import { findingCard } from './html/finding-card';
import { routePart } from './html/fold';
import { forecastSentences } from './html/forecast';
import { htmlDocument } from './html/document';
import { markup, type Markup } from './html/markup';
import { nextQuestions } from './html/next-question';
import { noCauseCard } from './html/no-cause-card';
import { probeNotes, runFacts } from './html/run-facts';
import { ruledOutSection } from './html/ruled-out';
import { screenSection, type Screens } from './html/screens';
import { sequenceDiagram } from './html/sequence-diagram';
import { serverEventSection } from './html/server-events';
import { stageTimes } from './html/stage-times';
import { clockSection, hostSection } from './html/surroundings';
import { verdictBanner } from './html/verdict-banner';
import { headlineOf, routesPhrase } from './words/headline';
import { minuteText } from './words/time';

/** Causes, each said once for all routes it was found on; then what has no cause. Ids of causes are the anchors (`#adfs-signing-cert-rolled`). */
const answers = ({ results }: TargetResults, report: Report, screens: Screens, anchors: Anchors, takenIds: Set<string>): Markup => {
  const many = targetsOf(report).length > 1;
  const cards = findingGroupsOf(results).map((group) => {
    const slug = group.id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const id = takenIds.has(slug) ? `${anchors.ofTarget(results[0].target)}-${slug}` : slug;
    takenIds.add(slug);
    return findingCard(group, results, report, anchors, id);
  });
  const withoutCause = results.filter(({ verdict, causes }) => causes.length === 0 && (verdict === 'broken' || verdict === 'unknown'));
  const bareForecast = results.filter(({ verdict, causes }) => verdict === 'at-risk' && causes.length === 0);
  return markup`${cards}${withoutCause.map((result) => noCauseCard(result, many, screens, anchors))}${
    bareForecast.length > 0
      ? markup`<section class="card cause is-at-risk"><p class="scope">Forecast · ${routesPhrase(bareForecast, results)}</p>\
${forecastSentences(bareForecast, report.run.finishedAt)}</section>`
      : ''
  }`;
};

const evidence = ({ target, results }: TargetResults, report: Report, screens: Screens, anchors: Anchors): Markup => {
  const prefix = anchors.ofTarget(target);
  const now = report.run.finishedAt;
  const many = targetsOf(report).length > 1;
  const certificates = mergedCertificates(results);
  const sections: readonly { id: string; title: string; body: Markup; shown: boolean }[] = [
    {
      id: 'sequence',
      title: 'What happened',
      shown: true,
      body: markup`${results.map((result) => routePart(result, results, markup`<p>${result.why}</p>${stageTimes(result)}${sequenceDiagram(result)}`))}`,
    },
    {
      id: 'certificates',
      title: 'Certificates',
      shown: certificates.length > 0,
      body: markup`${certificateTimeLine(certificates, results, now)}${forecastSentences(results, now)}${lastGoodNote(results, now, anchors)}\
${certificateTable(certificates, target, now, anchors)}`,
    },
    { id: 'exchange', title: 'The decoded exchange', shown: true, body: exchangeSection(results, anchors) },
    { id: 'screens', title: 'Screenshots', shown: results.some(({ screenshots }) => screenshots.length > 0), body: screenSection(results, screens) },
    { id: 'clocks', title: 'Clocks', shown: true, body: clockSection(results, anchors) },
    { id: 'hosts', title: 'Names and TLS', shown: results.some(({ tls, dns }) => tls.length + dns.length > 0), body: hostSection(results, anchors) },
    {
      id: 'server-events',
      title: 'Server events',
      shown: results.some(({ serverEvents }) => serverEvents.length > 0),
      body: serverEventSection(results, anchors),
    },
    { id: 'ruled-out', title: 'Ruled out', shown: true, body: ruledOutSection(results) },
  ];
  const shown = sections.filter((section) => section.shown);
  const name = (title: string): string => (many ? `${title}: ${target}` : title);
  // Where sign-in works the report stays short: its proof is there, folded away. What a risk is about (the certificates) stays open.
  if (results.every(({ verdict }) => verdict === 'healthy' || verdict === 'at-risk')) {
    const open = results.some(({ verdict }) => verdict === 'at-risk') ? shown.filter(({ id }) => id === 'certificates') : [];
    const folded = shown.filter((section) => !open.includes(section));
    return markup`${open.map(({ id, title, body }) => markup`<section id="${prefix}-${id}"><h2>${name(title)}</h2>${body}</section>`)}
<section><h2>${name('Proof')}</h2><div class="folds">${folded.map(
      ({ id, title, body }) => markup`<details id="${prefix}-${id}"><summary>${title}</summary>${body}</details>`,
    )}</div></section>`;
  }
  return markup`<nav class="jump" aria-label="Evidence${many ? `, ${target}` : ''}">\
${many ? markup`<b>${target}</b>` : ''}${shown.map(({ id, title }) => markup`<a href="#${prefix}-${id}">${title}</a>`)}</nav>
${shown.map(({ id, title, body }) => markup`<section id="${prefix}-${id}"><h2>${name(title)}</h2>${body}</section>`)}`;
};

/**
 * The report as one HTML document. `screens`: file name as in the report → `data:image/png;base64,…`; others are named, not shown.
 * Every value of the report is escaped (the servers probed are not trusted); the document forbids scripts and every outside address.
 * It is well-formed XML too, so that a test can prove that nothing escaped the escaping.
 */
export const renderHtml = (report: Report, screens: Screens): string => {
  const anchors = anchorsOf(report);
  const takenIds = new Set<string>();
  const targets = targetsOf(report);
  const main = markup`<div class="top"><span><b>Sign-in report</b>\
${report.run.label ? ` · ${report.run.label}` : ''}${report.run.location ? ` · from ${report.run.location}` : ''}</span>\
<span>${minuteText(report.run.finishedAt)}</span></div>
<h1>${headlineOf(report)}</h1>
${verdictBanner(report, anchors)}
${targets.map((target) => answers(target, report, screens, anchors, takenIds))}
${targets.map(({ results }) => nextQuestions(results))}
${targets.map((target) => evidence(target, report, screens, anchors))}
${probeNotes(report)}
${runFacts(report)}`;
  return htmlDocument({ title: headlineOf(report), pictures: true, main });
};
