/** The last 90 days of a series as a strip: one bar a day, told apart by height as well as by colour, and in words for those who do not see it. */
import type { DayCounts } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { dayMs, dayText } from '../../../reports/words/time';
import { counted } from '../view/words';

type Tone = 'healthy' | 'unknown' | 'flaky' | 'at-risk' | 'broken' | 'missed' | 'maintenance' | 'none';

/** From, to: height of a day's bar in a strip 20 high. The worse, the taller; nothing known is a stub. */
const heights: Readonly<Record<Tone, readonly [number, number]>> = {
  healthy: [9, 20],
  flaky: [5, 20],
  'at-risk': [4, 20],
  broken: [0, 20],
  unknown: [13, 20],
  missed: [16, 20],
  maintenance: [14, 18],
  none: [19, 20],
};
const words: Readonly<Record<Tone, string>> = {
  broken: 'broken',
  'at-risk': 'at risk',
  flaky: 'flaky',
  unknown: 'unknown',
  missed: 'missed only',
  maintenance: 'in maintenance',
  healthy: 'healthy',
  none: 'without slots',
};
const dayWidth = 3;

const toneOfDay = (day: DayCounts | undefined): Tone => {
  if (!day) return 'none';
  if (day.worst !== null) return day.worst;
  return day.planned > 0 ? 'missed' : day.maintenance > 0 ? 'maintenance' : 'none';
};

const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The tone of each of the last `length` days, today last. */
export const tonesOf = (days: readonly DayCounts[], now: Date, length: number): readonly Tone[] => {
  const byDay = new Map(days.map((day) => [day.day, day]));
  return Array.from({ length }, (_, index) => toneOfDay(byDay.get(utcDay(now.getTime() - (length - 1 - index) * dayMs))));
};

/** `Last 90 days: 86 healthy, 3 broken (last on 12 Nov 2026), 1 missed only` */
export const stripText = (tones: readonly Tone[], now: Date): string => {
  const parts = (Object.keys(words) as Tone[]).flatMap((tone) => {
    const count = tones.filter((one) => one === tone).length;
    if (count === 0) return [];
    const last = tones.lastIndexOf(tone);
    const when =
      tone === 'healthy' || tone === 'none' ? '' : ` (last on ${dayText(new Date(now.getTime() - (tones.length - 1 - last) * dayMs).toISOString())})`;
    return [`${count} ${words[tone]}${when}`];
  });
  return `Last ${counted(tones.length, 'day')}: ${parts.join(', ')}`;
};

/** Days of one tone are one path of dashes, a dash a day: a page with hundreds of strips stays small. */
export const dayStrip = (days: readonly DayCounts[], now: Date, length: number): Markup => {
  const tones = tonesOf(days, now, length);
  const runs = new Map<Tone, string[]>();
  for (let index = 0; index < tones.length;) {
    const tone = tones[index] ?? 'none';
    let end = index + 1;
    while (tones[end] === tone) end++;
    const [top, bottom] = heights[tone];
    runs.set(tone, [...(runs.get(tone) ?? []), `M${index * dayWidth} ${(top + bottom) / 2}h${(end - index) * dayWidth}`]);
    index = end;
  }
  return markup`<svg class="strip" viewBox="0 0 ${length * dayWidth} 20" width="${length * dayWidth}" height="20" role="img" \
aria-label="${stripText(tones, now)}">${[...runs].map(([tone, paths]) => markup`<path class="s-${tone}" d="${paths.join('')}"/>`)}</svg>`;
};
