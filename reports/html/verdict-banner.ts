/** One card per route: the verdict in words, shape and colour; whether people can sign in; where it stopped. */
import type { Report, Result } from '../../contracts/report';
import { lastExchangeOf } from '../findings';
import { methodLabels, routeLabels, signedInSentence, stageLabels, symptomSentences, verdictLabels, verdictSymbols } from '../words/labels';
import { dayText, durationText, whenText } from '../words/time';
import type { Anchors } from './anchors';
import { markup, type Markup } from './markup';
import { stageTimes } from './stage-times';

export const verdictWord = (verdict: Result['verdict']): Markup =>
  markup`<span class="verdict"><span aria-hidden="true">${verdictSymbols[verdict]}</span>${verdictLabels[verdict]}</span>`;

const stopped = (result: Result, anchors: Anchors): Markup => {
  const last = lastExchangeOf(result);
  if (!last && !result.failedAt) return markup``;
  const link = last && anchors.ofReference(result, `exchange:${last.seq}`);
  const place = last && (link ? markup`<a href="#${link}">exchange ${last.seq}</a>` : markup`exchange ${last.seq}`);
  const where = result.failedAt ? markup`Stopped at: ${stageLabels[result.failedAt]}${place ? markup` (${place})` : ''}` : markup`Stopped at ${place}`;
  return markup`<p>${where}, after ${durationText(result.timings.totalMs)}.</p>`;
};

const nextBreak = ({ forecast }: Result, now: string): Markup =>
  forecast.breaksAt
    ? markup`<p>Next foreseeable break: <b>${dayText(forecast.breaksAt)}</b>, ${whenText(now, forecast.breaksAt)}.</p>`
    : markup`<p>Next foreseeable break: ${forecast.state === 'unknown' ? 'no forecast possible' : 'none'}.</p>`;

const worked = (result: Result, now: string): Markup =>
  markup`<p>${
    result.signedInAs ? markup`Signed in as <b>${result.signedInAs}</b>` : 'Signed in'
  } in <b>${durationText(result.timings.totalMs)}</b>${result.method ? ` (${methodLabels[result.method]})` : ''}.</p>\
${nextBreak(result, now)}${stageTimes(result)}`;

const card = (
  result: Result,
  manyTargets: boolean,
  now: string,
  anchors: Anchors,
): Markup => markup`<section class="route is-${result.verdict}" id="${anchors.ofResult(result)}">
  <div class="name">${verdictWord(result.verdict)}<h2>${manyTargets ? `${result.target}: ` : ''}${routeLabels[result.route]}</h2></div>
  <p class="outcome">${signedInSentence(result)}</p>
  ${
    result.signedIn === 'yes'
      ? worked(result, now)
      : markup`${
          result.symptom === 'none' || result.signedIn === 'unknown' ? '' : markup`<p>${symptomSentences[result.symptom]}</p>`
        }${stopped(result, anchors)}`
  }
  <p class="small muted mono">${result.settings.url}</p>
  ${
    result.attempts.length > 1
      ? markup`<p class="small">\
${result.attempts.length} attempts: ${result.attempts.map(({ verdict }) => verdictLabels[verdict].toLowerCase()).join(', ')}.</p>`
      : ''
  }
</section>`;

export const verdictBanner = (report: Report, anchors: Anchors): Markup => {
  const manyTargets = new Set(report.results.map(({ target }) => target)).size > 1;
  return markup`<div class="routes">${report.results.map((result) => card(result, manyTargets, report.run.finishedAt, anchors))}</div>`;
};
