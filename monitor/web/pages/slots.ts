/** Slots: each planned run and how it ended, the missed ones with why; and who works on what is due. */
import { slotStateSchema, type QueueState, type RunnerRecord, type SeriesKey, type Slot, type SlotState } from '../../../contracts/monitoring';
import { routeSchema } from '../../../contracts/words';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { durationText } from '../../../reports/words/time';
import { select } from '../parts/forms';
import { since } from '../parts/instant';
import { slotTable } from '../parts/slot-table';
import { counted, slotStateLabels } from '../view/words';
import type { Page } from './layout';

interface SlotsQuery {
  readonly target: string | null;
  readonly route: SeriesKey['route'] | null;
  readonly location: string | null;
  readonly state: SlotState | null;
  readonly before: string | null;
}

export interface SlotsView {
  readonly query: SlotsQuery;
  readonly slots: readonly Slot[];
  readonly series: readonly SeriesKey[];
  readonly queues: readonly QueueState[];
  readonly runners: readonly RunnerRecord[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

export const slotsPerPage = 100;

const addressOf = (query: SlotsQuery): string =>
  `/slots?${new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]]))).toString()}`;

export const slotsPage = ({ query, slots, series, queues, runners, more }: SlotsView, now: Date): Page => {
  const any = [['', 'All']] as const;
  const named = (values: readonly string[]): readonly (readonly [string, string])[] => [...new Set(values)].sort().map((value) => [value, value] as const);
  const last = slots.at(-1);
  return {
    title: 'Slots',
    current: 'slots',
    refreshSeconds: query.before === null ? 60 : null,
    main: markup`<h1>Slots</h1><p>Every planned run is a slot, recorded before it is due. Each ends with a verdict, or as missed with why.</p>
${work(queues, runners, now)}
<form action="/slots" method="get" class="fields" aria-label="Which slots">\
${select('target', 'Target', [...any, ...named(series.map(({ target }) => target))], query.target ?? '')}\
${select('route', 'Route', [...any, ...routeSchema.options.map((route) => [route, routeLabels[route]] as const)], query.route ?? '')}\
${select('location', 'Location', [...any, ...named(series.map(({ location }) => location))], query.location ?? '')}\
${select('state', 'Result', [...any, ...slotStateSchema.options.map((state) => [state, slotStateLabels[state]] as const)], query.state ?? '')}\
<button>Show</button></form>
<h2 id="list" class="unseen">The slots</h2>
${slots.length === 0 ? markup`<p class="notice">There is no such slot.</p>` : slotTable(slots, 'list', true)}
<p class="fields">${
      query.before === null ? '' : markup`<a class="button" href="${addressOf({ ...query, before: null })}">The newest</a>`
    }${more && last ? markup`<a class="button" href="${addressOf({ ...query, before: last.slotAt })}">Older</a>` : ''}</p>`,
  };
};

const work = (queues: readonly QueueState[], runners: readonly RunnerRecord[], now: Date): Markup =>
  queues.length + runners.length === 0
    ? markup``
    : markup`<details id="work"><summary>Who works: ${counted(runners.length, 'runner')}, ${counted(
        queues.reduce((sum, { waiting }) => sum + waiting, 0),
        'slot',
      )} waiting</summary><div class="overflow" tabindex="0" role="region" aria-label="Runners and queues"><table><thead><tr><th scope="col">Location</th>\
<th scope="col" class="number">Waiting</th><th scope="col" class="number">Oldest waits</th><th scope="col">Runners</th></tr></thead><tbody>${[
        ...new Set([...queues.map(({ location }) => location), ...runners.map(({ location }) => location)]),
      ]
        .sort()
        .map((location) => {
          const queue = queues.find((one) => one.location === location);
          return markup`<tr><th scope="row">${location}</th><td class="number">${queue?.waiting ?? 0}</td>\
<td class="number">${queue && queue.queueAgeMs > 0 ? durationText(queue.queueAgeMs) : '–'}</td><td>${runners
            .filter((runner) => runner.location === location)
            .map(
              (runner) =>
                markup`<div>${runner.name}: ${runner.running} of ${runner.capacity} at work, last heard of ${since(now.toISOString(), runner.lastSeenAt)}, \
version ${runner.tool}</div>`,
            )}</td></tr>`;
        })}</tbody></table></div></details>`;
