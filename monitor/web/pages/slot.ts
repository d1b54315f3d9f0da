/** One slot with its attempts: nothing is averaged away. */
import type { Attempt, Slot } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels, stageLabels, symptomSentences } from '../../../reports/words/labels';
import { durationText, secondText } from '../../../reports/words/time';
import { instant } from '../parts/instant';
import { reportAddress, targetAddress, targetLink } from '../parts/links';
import { verdictMark } from '../parts/verdict-mark';
import { attemptReasonLabels, missedSentences } from '../view/words';
import type { Page } from './layout';

export const slotPage = (slot: Slot, attempts: readonly Attempt[]): Page => {
  const [first, second] = attempts.filter(({ hasReport }) => hasReport);
  return {
    title: `Slot of ${slot.target}, ${slot.slotAt}`,
    current: 'slots',
    refreshSeconds: slot.state === 'planned' || slot.state === 'running' ? 5 : null,
    main: markup`<p class="crumb"><a href="/">Overview</a> › <a href="${targetAddress(slot.target)}">${slot.target}</a> › Slot</p>
<h1>${slot.target}, ${routeLabels[slot.route]}, ${slot.location}</h1><p class="lead">${instant(slot.slotAt)} · ${verdictMark(slot.state)}</p>
<div class="card"><dl class="facts"><dt>Target</dt><dd>${targetLink(slot.target)}</dd><dt>Planned by</dt>\
<dd>${slot.origin === 'manual' ? 'a person (run now)' : 'the schedule'}</dd>
${slot.missedBecause === null ? '' : markup`<dt>Missed</dt><dd>${missedSentences[slot.missedBecause]}</dd>`}${
      slot.causeTitle === null ? '' : markup`<dt>Cause</dt><dd>${slot.causeTitle}${slot.kb === null ? '' : ` (KB ${slot.kb})`}</dd>`
    }${slot.why === null ? '' : markup`<dt>In one line</dt><dd>${slot.why}</dd>`}
${
  slot.startedAt === null
    ? ''
    : markup`<dt>Begun</dt>\
<dd>${secondText(slot.startedAt)}, ${durationText(Math.max(0, Date.parse(slot.startedAt) - Date.parse(slot.slotAt)))} after it was due</dd>`
}${slot.finishedAt === null ? '' : markup`<dt>Ended</dt><dd>${secondText(slot.finishedAt)}</dd>`}</dl></div>
<h2 id="attempts">Attempts</h2>${
      attempts.length === 0 ? markup`<p>${slot.state === 'planned' ? 'It has not begun yet.' : 'Nobody began it.'}</p>` : attemptTable(attempts)
    }
${
  first?.runId && second?.runId
    ? markup`<p><a class="button" href="/compare?before=${encodeURIComponent(first.runId)}&amp;\
after=${encodeURIComponent(second.runId)}">Compare both attempts</a></p>`
    : ''
}`,
  };
};

const attemptTable = (attempts: readonly Attempt[]): Markup =>
  markup`<table class="list stack" aria-labelledby="attempts"><thead><tr><th scope="col">Attempt</th><th scope="col">Result</th>\
<th scope="col">What was seen</th><th scope="col">Begun</th><th scope="col" class="number">Took</th><th scope="col">Runner</th>\
<th scope="col">Report</th></tr></thead><tbody>${attempts.map(
    (attempt) => markup`<tr class="row is-${attempt.verdict ?? 'none'}"><th scope="row" class="tight">\
${attempt.n} <span class="muted">(${attemptReasonLabels[attempt.reason]})</span></th>
<td class="tight">${
      attempt.verdict === null ? (attempt.finishedAt === null && attempt.why === null ? verdictMark('running') : 'Lost') : verdictMark(attempt.verdict)
    }</td>
<td>${attempt.summary ?? ''}${attempt.why === null ? '' : markup`<div>${attempt.why}</div>`}${
      attempt.failedAt === null
        ? ''
        : markup`<div class="muted">\
Stopped at: ${stageLabels[attempt.failedAt]}. ${attempt.symptom === null || attempt.symptom === 'none' ? '' : symptomSentences[attempt.symptom]}</div>`
    }</td>
<td class="tight">${secondText(attempt.startedAt)}</td><td class="number" data-label="Took">\
${attempt.timings === null ? '–' : durationText(attempt.timings.totalMs)}</td><td class="name">${attempt.runner}</td>
<td class="tight">${
      attempt.runId !== null && attempt.hasReport
        ? markup`<a href="${reportAddress(attempt.runId)}" aria-label="Report of attempt ${attempt.n}">Report</a>`
        : markup`<span class="muted">none kept</span>`
    }</td></tr>`,
  )}</tbody></table>`;
