/**
 * A target's verdicts over time: one lane a series, and below it announced work, new certificates and alerts on the same axis.
 * Drawn for wide and for narrow screens.
 */
import type { SeriesKey, TimelinePoint } from '../../../contracts/monitoring';
import { fitText } from '../../../reports/html/drawing-text';
import { markup, type Markup } from '../../../reports/html/markup';
import { certificateRoleLabels, routeLabels } from '../../../reports/words/labels';
import { shortThumbprint } from '../../../reports/words/references';
import { dayText } from '../../../reports/words/time';
import type { Timeline } from '../../store/store';
import { counted, windowLabels } from '../view/words';
import { type Axis, axisOf, timeTicks, xOf } from './time-axis';

type Tone = NonNullable<TimelinePoint['worst']> | 'missed' | 'maintenance';
const shares: Readonly<Record<Tone, number>> = { healthy: 0.5, flaky: 0.75, 'at-risk': 0.8, broken: 1, unknown: 0.3, missed: 0.18, maintenance: 0.25 };
const laneHeight = 20;

const toneOf = (point: TimelinePoint): Tone | null => point.worst ?? (point.missed > 0 ? 'missed' : point.maintenance > 0 ? 'maintenance' : null);

/** Points of one tone that touch each other are one bar. */
const bars = (points: readonly TimelinePoint[], axis: Axis, y: number): Markup => {
  const paths = new Map<Tone, string>();
  for (let index = 0; index < points.length;) {
    const first = points[index];
    const tone = first ? toneOf(first) : null;
    let end = index + 1;
    while (
      points[end] &&
      toneOf(points[end] as TimelinePoint) === tone &&
      Date.parse((points[end] as TimelinePoint).from) <= Date.parse((points[end - 1] as TimelinePoint).to) + 60_000
    )
      end++;
    const last = points[end - 1];
    if (first && last && tone) {
      const [x1, x2] = [xOf(Date.parse(first.from), axis), xOf(Date.parse(last.to), axis)];
      const height = Math.round(laneHeight * shares[tone]);
      paths.set(tone, `${paths.get(tone) ?? ''}M${x1} ${y + laneHeight}v${-height}h${Math.max(1, Math.round((x2 - x1) * 10) / 10)}v${height}z`);
    }
    index = end;
  }
  return markup`${[...paths].map(([tone, path]) => markup`<path class="v-${tone}" d="${path}"/>`)}`;
};

const laneLabel = (text: string, axis: Axis, y: number): Markup =>
  markup`<text x="${axis.name === 'wide' ? 0 : 2}" y="${axis.name === 'wide' ? y + laneHeight - 4 : y - 4}" font-size="${axis.font}">\
${fitText(text, axis.name === 'wide' ? axis.left + 14 : axis.width, axis.font)}</text>`;

const seriesName = ({ route, location }: SeriesKey): string => `${routeLabels[route]}, ${location}`;

const draw = (timeline: Timeline, axis: Axis, description: string): Markup => {
  const row = axis.name === 'wide' ? laneHeight + 9 : laneHeight + 22;
  const top = axis.name === 'wide' ? 4 : 18;
  const names = [
    ...timeline.series.map(({ key }) => seriesName(key)),
    ...(timeline.windows.length > 0 ? ['Announced'] : []),
    ...(timeline.certificates.length > 0 ? ['New certificates'] : []),
    ...(timeline.alerts.length > 0 ? ['Alerts'] : []),
  ];
  const yOf = (name: string): number => top + names.indexOf(name) * row;
  const bottom = top + names.length * row;
  const bands = timeline.windows.map(({ from, to, kind, text }) => {
    const [x1, x2] = [xOf(Date.parse(from), axis), xOf(to === null ? axis.to : Date.parse(to), axis)];
    const width = Math.max(4, x2 - x1);
    return markup`<rect x="${x1}" y="0" width="${width}" height="${bottom}" fill="var(--bar)" fill-opacity=".09"/>\
<rect x="${x1}" y="${yOf('Announced') + 4}" width="${width}" height="${laneHeight - 6}" rx="3" fill="var(--bar)"${
      kind === 'change' ? '' : markup` fill-opacity=".55"`
    }><title>${windowLabels[kind]}: ${text}</title></rect>`;
  });
  const diamonds = timeline.certificates.map(({ firstSeen, role, sha1 }) => {
    const x = xOf(Date.parse(firstSeen), axis);
    return markup`<path d="M${x} 0V${bottom}" stroke="var(--bar-2)" stroke-dasharray="3 3"/>\
<path d="M${x} ${yOf('New certificates') + 2}l8 8l-8 8l-8-8z" fill="var(--bar-2)"><title>${certificateRoleLabels[role]} ${shortThumbprint(sha1)}, \
first seen ${dayText(firstSeen)}</title></path>`;
  });
  const alerts = timeline.alerts.map(({ openedAt, recoveredAt, title, severity }) => {
    const [x1, x2] = [xOf(Date.parse(openedAt), axis), xOf(recoveredAt === null ? axis.to : Date.parse(recoveredAt), axis)];
    return markup`<rect x="${x1}" y="${yOf('Alerts') + 6}" width="${Math.max(4, x2 - x1)}" height="${laneHeight - 10}" rx="3" \
fill="var(--${severity === 'critical' ? 'broken' : 'strip-at-risk'})"><title>${title}</title></rect>`;
  });
  return markup`<svg class="${axis.name} sans-all" viewBox="0 0 ${axis.width} ${bottom + axis.font + 8}" role="img" aria-label="${description}">\
${timeTicks(axis, bottom)}${bands}${timeline.series.map(
    ({ key, points }) => markup`${laneLabel(seriesName(key), axis, yOf(seriesName(key)))}${bars(points, axis, yOf(seriesName(key)))}`,
  )}${names.slice(timeline.series.length).map((name) => laneLabel(name, axis, yOf(name)))}${diamonds}${alerts}</svg>`;
};

const legend: readonly (readonly [Tone, string])[] = [
  ['healthy', 'healthy (half height)'],
  ['flaky', 'flaky'],
  ['at-risk', 'at risk'],
  ['broken', 'broken (full height)'],
  ['missed', 'missed or unknown (low)'],
  ['maintenance', 'maintenance'],
];

export const verdictLanes = (timeline: Timeline, span: { readonly from: string; readonly to: string }): Markup => {
  const troubled = timeline.series.flatMap(({ key, points }) => {
    const bad = points.filter(({ worst }) => worst !== null && worst !== 'healthy').length;
    return bad === 0 ? [] : [`${seriesName(key)} not healthy in ${bad} of ${counted(points.length, timeline.step)}`];
  });
  const description =
    `Verdicts from ${dayText(span.from)} to ${dayText(span.to)}: ${troubled.length === 0 ? 'healthy throughout' : troubled.join('; ')}. ` +
    `The figures are in the table below.`;
  return markup`<figure><div class="drawing">${(['wide', 'narrow'] as const).map((name) => draw(timeline, axisOf(span, name), description))}</div>
<ul class="legend">${legend.map(([tone, word]) => markup`<li><i class="v-${tone}"></i>${word}</li>`)}</ul></figure>`;
};
