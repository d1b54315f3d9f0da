/** A sign-in without a cause: unexplained (not signed in, no rule fits) or unknown (the probe could not tell). Says so, and shows the last thing seen. */
import type { Result } from '../../contracts/report';
import { lastExchangeOf } from '../findings';
import { shorten } from '../safe-text';
import { zoneWords } from '../words/event-zone';
import { pageKindLabels, routeLabels, statusPhrases } from '../words/labels';
import { durationText } from '../words/time';
import type { Anchors } from './anchors';
import { commandBlock } from './finding-card';
import { markup, type Markup, type MarkupValue } from './markup';
import { screenFigure, type Screens } from './screens';

const fact = (name: string, value: MarkupValue): Markup | null =>
  value === null || value === '' || value === undefined ? null : markup`<dt>${name}</dt><dd>${value}</dd>`;

const lastExchange = (result: Result, anchors: Anchors): (Markup | null)[] => {
  const last = lastExchangeOf(result);
  if (!last) return [fact('Last exchange', 'no request was answered')];
  const anchor = anchors.ofReference(result, `exchange:${last.seq}`);
  const answer = last.status === null ? `no answer${last.failure ? `: ${last.failure}` : ''}` : `${last.status} ${statusPhrases[last.status] ?? ''}`.trim();
  return [
    fact('Last exchange', anchor ? markup`<a href="#${anchor}">exchange ${last.seq}</a>` : `exchange ${last.seq}`),
    fact('Request', markup`<code>${last.method} ${shorten(last.url, 200)}</code>`),
    fact('Answer', `${answer}${last.durationMs === null ? '' : `, ${durationText(last.durationMs)}`}`),
    fact('Request id', last.requestId),
  ];
};

const lastThingSeen = (result: Result, screens: Screens, anchors: Anchors): Markup => {
  const page = result.pages.at(-1);
  if (!page) return markup`<dl class="facts">${lastExchange(result, anchors)}</dl>`;
  const text = result.exchange.find(({ seq }) => seq === page.exchange)?.document?.text ?? '';
  const screenshot = result.screenshots.find(({ file }) => file === page.screenshot) ?? result.screenshots.at(-1);
  return markup`<div class="columns"><div><dl class="facts">
    ${lastExchange(result, anchors)}
    ${fact('Last page', `${page.title === '' ? 'without a title' : `“${page.title}”`} (${pageKindLabels[page.kind]})`)}
    ${fact('Codes', page.codes.join(', '))}
    ${Object.entries(page.texts).map(([name, value]) => fact(name, value))}
    ${fact('Form fields', page.fields.map(({ name, id, type }) => `${name || id || 'unnamed'} (${type})`).join(', '))}
  </dl>
  ${text === '' ? '' : markup`<p class="quote">${text.length > 600 ? `${text.slice(0, 600)}…` : text}</p>`}</div>
  ${screenshot ? markup`<div class="screens">${screenFigure(screenshot, screens)}</div>` : ''}</div>`;
};

const nextSteps = (result: Result): Markup => {
  const ids = [...result.exchange.map(({ requestId }) => requestId), ...result.pages.map(({ texts }) => texts['activityId'])].filter(
    (id) => typeof id === 'string' && id !== '',
  );
  return markup`<h3>What to do now</h3><ol class="steps">
    <li>Sign in by hand in a private browser window, and compare with the last page below.</li>
    <li>Look in the event logs of the server that answered last (AD FS: “AD FS/Admin”; CRM: “Application”, source ASP.NET) at the time of this run${
      ids.length > 0 ? markup`, for <code>${ids.at(-1)}</code>` : ''
    }.</li>
    <li>Save that log and judge this run again together with it.${commandBlock('npx signin-probe diagnose FOLDER-OF-THIS-RUN --event-log FILE')}</li>
  </ol>`;
};

const tryAgain = (result: Result): Markup => markup`<h3>What to do now</h3><ol class="steps">
    <li>Check configuration, browser, names, TLS and metadata, without a sign-in.${commandBlock(`npx signin-probe check ${result.target}`)}</li>
    <li>Run again.${commandBlock(`npx signin-probe run ${result.target} --route ${result.route}`)}</li>
  </ol>`;

export const noCauseCard = (result: Result, manyTargets: boolean, screens: Screens, anchors: Anchors): Markup => {
  const unexplained = result.verdict === 'broken';
  return markup`<section class="card cause is-${result.verdict}" id="${anchors.ofResult(result)}-${unexplained ? 'unexplained' : 'unknown'}">
  <p class="scope">${unexplained ? 'Unexplained' : 'Could not tell'} · ${manyTargets ? `${result.target}, ` : ''}${routeLabels[result.route]}</p>
  <h2>${unexplained ? 'None of the known causes fits what was seen' : 'The probe could not tell'}</h2>
  <p>${result.why}</p>
  <p class="muted">${result.ruledOut.length} causes were ruled out; \
for ${result.notJudged.length} the evidence was not enough. ${unexplained ? 'What follows is what was seen, without a guess.' : ''}</p>
  ${
    result.captureErrors.length > 0
      ? markup`<h3>What went wrong in the probe</h3><ul>${result.captureErrors.map(({ capture, why }) => markup`<li><b>${capture}:</b> ${why}</li>`)}</ul>`
      : ''
  }
  ${
    result.serverEvents.length > 0
      ? markup`<h3>In the servers’ logs</h3><ul>${result.serverEvents.map(
          ({ source, id, zone, text }) => markup`<li>\
<b>${source}${id === null ? '' : ` ${id}`}:</b> ${text}${zone ? markup` <span class="muted">(${zoneWords(zone)})</span>` : ''}</li>`,
        )}</ul>`
      : ''
  }
  <div class="do">${unexplained ? nextSteps(result) : tryAgain(result)}</div>
  ${result.exchange.length > 0 || unexplained ? markup`<h3>The last thing seen</h3>${lastThingSeen(result, screens, anchors)}` : ''}
</section>`;
};
