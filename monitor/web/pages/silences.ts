/** Silences: alerts still open and close, but nobody is told, for a while and for a reason. */
import type { Silence } from '../../../contracts/monitoring';
import type { SeriesKey } from '../../../contracts/monitoring';
import { causeIds } from '../../../contracts/causes';
import { routeSchema } from '../../../contracts/words';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { hiddenToken, select } from '../parts/forms';
import { instant } from '../parts/instant';
import type { Page } from './layout';

export interface SilencesView {
  readonly silences: readonly Silence[];
  readonly series: readonly SeriesKey[];
  /** What the form begins with. */
  readonly target: string;
  readonly cause: string;
  readonly token: string | null;
}

/** How long, in hours. */
export const silenceHours = { '1': '1 hour', '4': '4 hours', '12': '12 hours', '24': '1 day', '72': '3 days', '168': '7 days' } as const;

export const silencesPage = ({ silences, series, target, cause, token }: SilencesView): Page => ({
  title: 'Silences',
  current: 'silences',
  refreshSeconds: null,
  main: markup`<h1>Silences</h1><p>Nobody is told about what is silenced. It is probed and shown all the same, and its alerts open and recover.</p>
${silences.length === 0 ? markup`<p class="notice">Nothing is silenced.</p>` : silenceTable(silences, token)}
${token === null ? markup`<p class="muted">An operator can silence alerts.</p>` : form(series, target, cause, token)}`,
});

const silenceTable = (silences: readonly Silence[], token: string | null): Markup =>
  markup`<h2 id="list">In force and to come</h2><table class="list stack" aria-labelledby="list"><thead><tr><th scope="col">Target</th>\
<th scope="col">Route</th><th scope="col">Location</th><th scope="col">Cause</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Reason</th>\
<th scope="col">By</th>${token === null ? '' : markup`<th scope="col"><span class="unseen">Action</span></th>`}</tr></thead><tbody>${silences.map(
    (silence) =>
      markup`<tr class="row"><th scope="row">${silence.target ?? 'all targets'}</th><td>${silence.route === null ? 'both routes' : routeLabels[silence.route]}\
</td><td>${silence.location ?? 'everywhere'}</td><td>${silence.cause === null ? 'any cause' : markup`<code>${silence.cause}</code>`}</td><td data-label="From">\
${instant(silence.from)}</td><td data-label="To">${instant(silence.to)}</td><td>${silence.reason}</td><td data-label="By">${silence.by}</td>${
        token === null
          ? ''
          : markup`<td class="tight"><form method="post" action="/silences/${silence.id}/end">${hiddenToken(token)}\
<button class="quiet" aria-label="End the silence of ${silence.target ?? 'all targets'}: ${silence.reason}">End</button></form></td>`
      }</tr>`,
  )}</tbody></table>`;

const form = (series: readonly SeriesKey[], target: string, cause: string, token: string): Markup => {
  const named = (values: readonly string[]): readonly (readonly [string, string])[] => [...new Set(values)].sort().map((value) => [value, value] as const);
  return markup`<h2 id="new">Silence</h2><form method="post" action="/silences" class="card" aria-labelledby="new">${hiddenToken(token)}<div class="fields">\
${select('target', 'Target', [['', 'All targets'], ...named(series.map((key) => key.target))], target)}\
${select('route', 'Route', [['', 'Both routes'], ...routeSchema.options.map((route) => [route, routeLabels[route]] as const)], '')}\
${select('location', 'Location', [['', 'Everywhere'], ...named(series.map(({ location }) => location))], '')}\
${select('cause', 'Cause', [['', 'Any cause'], ...named([...causeIds])], cause)}${select(
    'hours',
    'For',
    Object.entries(silenceHours).sort(([a], [b]) => Number(a) - Number(b)),
    '4',
  )}
<label><span>Reason</span><input name="reason" required maxlength="200" size="32" autocomplete="off"></label>\
<button class="main">Silence</button></div></form>`;
};
