/** How long sign-ins took, by stage, over time: one small chart a series, all on the same scale. */
import type { StageTimings, TimelinePoint } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { durationText } from '../../../reports/words/time';
import type { Timeline } from '../../store/store';
import { type Axis, axisOf, timeTicks, xOf } from './time-axis';

const stages = [
  ['dns', 'DNS', (t: StageTimings) => t.dnsMs],
  ['tls', 'TLS', (t: StageTimings) => t.tlsMs],
  ['sts', 'AD FS', (t: StageTimings) => t.stsMs],
  ['token', 'token to CRM', (t: StageTimings) => t.tokenPostMs],
  ['crm', 'CRM page', (t: StageTimings) => t.crmPageMs],
  [
    'rest',
    'the rest',
    (t: StageTimings) => Math.max(0, t.totalMs - [t.dnsMs, t.tlsMs, t.stsMs, t.tokenPostMs, t.crmPageMs].reduce<number>((sum, ms) => sum + (ms ?? 0), 0)),
  ],
] as const;
const height = 120;

/** The next 1, 2 or 5 times a power of ten. */
const niceStep = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
};

const heightOf = (timings: StageTimings): number => stages.reduce((sum, [, , pick]) => sum + (pick(timings) ?? 0), 0);

const draw = (points: readonly TimelinePoint[], axis: Axis, topMs: number, description: string): Markup => {
  const yOf = (ms: number): number => Math.round((height - (Math.min(ms, topMs) / topMs) * (height - 8)) * 10) / 10;
  const paths = new Map<string, string>();
  for (const { from, to, timings } of points) {
    if (!timings) continue;
    const [x1, x2] = [xOf(Date.parse(from), axis), xOf(Date.parse(to), axis)];
    const width = Math.max(0.8, Math.round((x2 - x1 - (x2 - x1 > 4 ? 0.8 : 0)) * 10) / 10);
    let sum = 0;
    for (const [name, , pick] of stages) {
      const ms = pick(timings) ?? 0;
      const [y1, y2] = [yOf(sum), yOf(sum + ms)];
      sum += ms;
      if (y1 - y2 >= 0.2) paths.set(name, `${paths.get(name) ?? ''}M${x1} ${y1}h${width}V${y2}h${-width}z`);
    }
  }
  const step = niceStep(topMs / 3);
  const lines = Array.from({ length: Math.floor(topMs / step) }, (_, index) => (index + 1) * step);
  // On a narrow screen the figures stand on the lines, over the bars.
  return markup`<svg class="${axis.name} sans-all" viewBox="0 0 ${axis.width} ${height + axis.font + 8}" role="img" aria-label="${description}">\
${timeTicks(axis, height)}${[...paths].map(([name, path]) => markup`<path class="t-${name}" d="${path}"/>`)}${lines.map(
    (ms) =>
      markup`<path d="M${axis.left} ${yOf(ms)}H${axis.width}" stroke="var(--muted)" stroke-opacity=".45" stroke-dasharray="2 4"/>\
<text class="quiet" x="${axis.name === 'wide' ? axis.left - 8 : 2}" y="${yOf(ms) + (axis.name === 'wide' ? 4 : -3)}" \
text-anchor="${axis.name === 'wide' ? 'end' : 'start'}" font-size="${axis.font}" stroke="var(--card)" stroke-width="3" paint-order="stroke">\
${durationText(ms).replace('.00', '')}</text>`,
  )}</svg>`;
};

export interface DurationFigures {
  readonly meanMs: number | null;
  readonly maxMs: number | null;
}

/** Of the points that have times: their mean, and the longest. */
export const durationsOf = (points: readonly TimelinePoint[]): DurationFigures => {
  const totals = points.flatMap(({ timings }) => (timings ? [timings.totalMs] : []));
  return totals.length === 0 ? { meanMs: null, maxMs: null } : { meanMs: totals.reduce((a, b) => a + b, 0) / totals.length, maxMs: Math.max(...totals) };
};

export const durationChart = (timeline: Timeline, span: { readonly from: string; readonly to: string }): Markup => {
  const all = timeline.series.flatMap(({ points }) => points.flatMap(({ timings }) => (timings ? [heightOf(timings)] : []))).sort((a, b) => a - b);
  if (all.length === 0) return markup`<p class="muted">No sign-in ended in this time, so there are no durations.</p>`;
  // One sign-in of a minute must not flatten all others: what is longer than twice the 98th percentile ends at the top.
  const top = Math.min(all.at(-1) ?? 1, 2 * (all[Math.floor(all.length * 0.98)] ?? 1)) || 1;
  return markup`${timeline.series.map(({ key, points }) => {
    const { meanMs, maxMs } = durationsOf(points);
    const name = `${routeLabels[key.route]}, ${key.location}`;
    const figures =
      meanMs === null || maxMs === null
        ? 'no sign-in ended'
        : `mean ${durationText(meanMs)}, longest ${timeline.step === 'slot' ? '' : `mean of one ${timeline.step} `}${durationText(maxMs)}`;
    return markup`<figure><h3>${name} <span class="muted small">${figures}</span></h3><div class="drawing">\
${(['wide', 'narrow'] as const).map((size) => draw(points, axisOf(span, size), top, `Durations by stage, ${name}: ${figures}`))}</div></figure>`;
  })}<ul class="legend">${stages.map(([name, word]) => markup`<li><i class="t-${name}"></i>${word}</li>`)}</ul>`;
};
