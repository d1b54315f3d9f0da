/** `repair.html`: the record of a repair for a person; one file, no script, no network, like `report.html`. */
import type { Repair, RepairProbing, RepairStep, RouteSight } from '../contracts/repair';
import { commandBlock, kbLink } from './html/finding-card';
import { htmlDocument } from './html/document';
import { markup, type Markup } from './html/markup';
import { verdictWord } from './html/verdict-banner';
import { routeLabels } from './words/labels';
import {
  firstUpper,
  probingWords,
  reportLink,
  standingKeys,
  standingLabels,
  stateHeadlines,
  stateVerdicts,
  stepLabels,
  stepMarks,
  stepsOf,
  summaryWords,
} from './words/repair';
import { dayText, minuteText, secondText, whenText } from './words/time';

/** What the report's style sheet lacks. */
const repairStyle = `
.tick{list-style:none;padding:0;margin:.5rem 0}
.tick>li{position:relative;padding-left:2.6rem;margin:1rem 0}
.tick>li>.mark{position:absolute;left:0;top:.05rem;width:1.7rem;height:1.7rem;border-radius:5px;border:1.5px solid var(--tone);color:var(--tone);display:flex;\
align-items:center;justify-content:center;font-weight:700;line-height:1;background:var(--card)}
.tick>li.seen>.mark{background:var(--tone);color:var(--card);-webkit-print-color-adjust:exact;print-color-adjust:exact}
.tick .where{font-weight:650}.tick .state{font-size:.875rem;color:var(--tone);font-weight:650}.tick .muted.state{color:var(--muted);font-weight:400}
.tick>li.done-with>p.what{color:var(--muted)}.tick p.what{margin-top:0}
.tick li{break-inside:avoid}
.tick .facts{grid-template-columns:fit-content(20rem) minmax(0,1fr)}
.card h3 .muted,summary .muted{font-weight:400}
td a{white-space:nowrap}
@media (min-width:44.01rem){th[scope=row]{white-space:nowrap}}
@media screen and (max-width:44rem){.tick .facts{grid-template-columns:minmax(0,1fr)}.tick .facts dd{margin-bottom:.4rem}.tick>li{padding-left:2.2rem}\
td a{white-space:normal}}
`;

const tones: Readonly<Record<RepairStep['state'], string>> = {
  open: 'is-unknown',
  seen: 'is-healthy seen',
  reported: 'is-healthy',
  contradicted: 'is-broken',
  skipped: 'is-unknown done-with',
  'not-needed': 'is-unknown done-with',
};

const routeTone = ({ signedIn, verdict }: RouteSight): 'healthy' | 'at-risk' | 'broken' | 'unknown' =>
  signedIn === 'yes' ? (verdict === 'at-risk' ? 'at-risk' : 'healthy') : signedIn === 'no' ? 'broken' : 'unknown';

const routeCard = (route: RouteSight, at: string): Markup => markup`<section class="route is-${routeTone(route)}">
  <div class="name">${verdictWord(routeTone(route))}<h2>${routeLabels[route.route]}</h2></div>
  <p class="outcome">${route.signedIn === 'yes' ? `Sign-in works${route.signedInAs ? `, as ${route.signedInAs}` : ''}.` : summaryWords(route)}</p>
  <dl class="facts">${standingKeys.map(
    (key) => markup`<dt>${standingLabels[key]}</dt><dd><b>${route[key].is === 'unknown' ? 'not visible' : route[key].is}.</b> ${route[key].why}</dd>`,
  )}
  ${
    route.signedIn === 'yes' && route.breaksAt ? markup`<dt>Next break foreseen</dt><dd>${dayText(route.breaksAt)}, ${whenText(at, route.breaksAt)}</dd>` : ''
  }</dl>
</section>`;

const step = (one: RepairStep): Markup => markup`<li class="${tones[one.state]}"><span class="mark" aria-hidden="true">${stepMarks[one.state].trim()}</span>
<p class="what"><span class="where">${one.n}. ${firstUpper(one.where)}:</span> ${one.text}</p>
${one.command === null ? '' : commandBlock(one.command)}
${one.values.length > 0 ? markup`<dl class="facts">${one.values.map(({ name, value }) => markup`<dt class="mono">${name}</dt><dd>${value}</dd>`)}</dl>` : ''}
<p class="small"><span class="state${one.state === 'open' ? ' muted' : ''}">${stepLabels[one.state]}${one.at === null ? '' : `, ${secondText(one.at)}`}</span>\
${one.seen === null ? '' : `: ${one.seen}`}</p></li>`;

const count = (steps: readonly RepairStep[], ...states: readonly RepairStep['state'][]): number => steps.filter(({ state }) => states.includes(state)).length;

/** A round that is to be done or was done stands open; what is still ahead, or was left out, is folded away. */
const round = (repair: Repair, n: number, title: string): Markup => {
  const steps = stepsOf(repair, n);
  const done = count(steps, 'seen', 'reported');
  const left = count(steps, 'skipped', 'not-needed');
  const words = done > 0 ? `${done} of ${steps.length} done` : left === steps.length ? (count(steps, 'skipped') > 0 ? 'skipped' : 'not needed') : 'to do';
  const heading = markup`Round ${n}. ${title} <span class="muted">(${words})</span>\
${repair.round === n ? markup` <span class="verdict is-broken">now</span>` : ''}`;
  const list = markup`<ol class="tick">${steps.map(step)}</ol>`;
  return done > 0 || repair.round === n || count(steps, 'contradicted') > 0
    ? markup`<section class="card"><h3>${heading}</h3>${list}</section>`
    : markup`<div class="folds"><details><summary>${heading}</summary>${list}</details></div>`;
};

const probingRow = (repair: Repair, probing: RepairProbing, index: number): Markup => markup`<tr><th scope="row">${secondText(probing.at)}</th>
<td data-label="When">${probingWords(repair, index)}</td>
${probing.routes.map(
  (route) =>
    markup`<td data-label="${routeLabels[route.route]}">${
      route.signedIn === 'yes' ? markup`<b>works</b>${route.signedInAs ? `, as ${route.signedInAs}` : ''}` : summaryWords(route)
    }</td>`,
)}
<td data-label="Run">${reportLink(probing.report) ? markup`<a href="${probing.report}">${probing.runId}</a>` : probing.runId}</td></tr>`;

/** The whole record. Every value is escaped; the document forbids scripts and every outside address, and is well-formed XML. */
export const renderRepairHtml = (repair: Repair): string => {
  const last = repair.probings.at(-1);
  const title = stateHeadlines[repair.state](repair.target);
  const begun = repair.steps.some(({ state }) => state !== 'open' && state !== 'not-needed') || repair.state === 'open';
  const main = markup`<div class="top"><span><b>Repair after a rollover</b> · ${kbLink('2686840')}</span><span>${minuteText(repair.updatedAt)}</span></div>
<h1>${title}</h1>
<p class="lead">${repair.why}</p>
${last ? markup`<div class="routes">${last.routes.map((route) => routeCard(route, last.at))}</div>` : ''}
${
  repair.probings.length > 0
    ? markup`<section><h2>What was seen, and when</h2><table class="stack"><thead><tr><th>Time</th>\
<th>When</th>${(last?.routes ?? []).map(({ route }) => markup`<th>${routeLabels[route]}</th>`)}<th>Run</th></tr></thead>
<tbody>${repair.probings.map((probing, index) => probingRow(repair, probing, index))}</tbody></table></section>`
    : ''
}
${
  begun
    ? markup`<section class="is-${stateVerdicts[repair.state]}"><h2>The steps</h2><p class="small muted">In the order of ${kbLink('2686840')}. \
The probe runs nothing on the servers: what it cannot see from outside stands here by the operator’s word.</p>
${repair.rounds.map(({ n, title: name }) => round(repair, n, name))}</section>`
    : ''
}
${
  repair.notes.length > 0
    ? markup`<section><h2>Notes</h2><ul>${repair.notes.map(({ at, text }) => markup`<li>${secondText(at)}: ${text}</li>`)}</ul></section>`
    : ''
}
<footer>Record <code>${repair.id}</code>, begun ${secondText(repair.startedAt)}. \
signin-probe ${repair.tool}.${repair.anyway ? ' Led although another cause was found (--anyway).' : ''} All times are UTC. \
This record contains no password, cookie value or token.</footer>`;
  return htmlDocument({ title: title, style: repairStyle, pictures: false, main });
};
