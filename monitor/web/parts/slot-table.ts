/** Slots as a table; two of them can be chosen and compared, without script. */
import type { Slot } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { durationText } from '../../../reports/words/time';
import { missedLabels, missedSentences, seriesText } from '../view/words';
import { instant } from './instant';
import { reportAddress, targetLink } from './links';
import { verdictMark } from './verdict-mark';

const because = ({ state, missedBecause, causeTitle, kb, why }: Slot): Markup | string => {
  if (state === 'healthy' || state === 'planned' || state === 'running') return '';
  if (missedBecause !== null) return markup`<b>${missedLabels[missedBecause]}</b>: ${why ?? missedSentences[missedBecause]}`;
  return `${causeTitle ?? why ?? 'No cause was found'}${kb === null ? '' : ` (KB ${kb})`}`;
};

const choice = (slot: Slot, side: 'before' | 'after', label: string, checked: boolean): Markup =>
  slot.runId === null
    ? markup`<td class="tight"></td>`
    : markup`<td class="tight" data-label="${label}"><input type="radio" name="${side}" value="${slot.runId}" aria-label="${label}: ${seriesText(slot)}, \
${slot.slotAt}"${checked ? markup` checked` : ''}></td>`;

/** `withTarget` = slots of several targets. The newest two runs of the first series are chosen at first. */
export const slotTable = (slots: readonly Slot[], labelledBy: string, withTarget: boolean): Markup => {
  const runs = slots.filter(({ runId }) => runId !== null);
  const after = runs[0];
  const before =
    runs.find(
      (slot) =>
        after && slot !== after && slot.route === after.route && slot.location === after.location && slot.target === after.target && slot.state !== after.state,
    ) ?? runs[1];
  return markup`<form action="/compare" method="get"><table class="list stack" aria-labelledby="${labelledBy}"><thead><tr><th scope="col">Slot</th>\
${withTarget ? markup`<th scope="col">Target</th>` : ''}<th scope="col">Route</th><th scope="col">Location</th><th scope="col">Result</th>\
<th scope="col">Why</th><th scope="col" class="number">Took</th><th scope="col" class="number">Attempts</th><th scope="col">Report</th>\
<th scope="col" class="tight">Before</th><th scope="col" class="tight">After</th></tr></thead>
<tbody>${slots.map(
    (slot) => markup`<tr class="row is-${slot.state}"><th scope="row" class="tight"><a href="/slots/${slot.id}">${instant(slot.slotAt)}</a>\
${slot.origin === 'manual' ? ' (run now)' : ''}</th>${withTarget ? markup`<td>${targetLink(slot.target)}</td>` : ''}
<td class="tight">${routeLabels[slot.route]}</td><td class="place">${slot.location}</td><td class="tight">${verdictMark(slot.state)}</td><td>${because(slot)}\
</td><td class="number" data-label="Took">${slot.totalMs === null ? '–' : durationText(slot.totalMs)}</td><td class="number" data-label="Attempts">\
${slot.attempts}</td><td class="tight">${
      slot.runId === null ? '' : markup`<a href="${reportAddress(slot.runId)}" aria-label="Report of ${seriesText(slot)}, ${slot.slotAt}">Report</a>`
    }</td>${choice(slot, 'before', 'Before', slot === before)}${choice(slot, 'after', 'After', slot === after)}</tr>`,
  )}</tbody></table>
${runs.length > 1 ? markup`<p><button>Compare the two chosen runs</button></p>` : ''}</form>`;
};
