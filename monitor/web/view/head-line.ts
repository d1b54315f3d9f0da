/** How things stand, over all series: counts, the head line, and what is wrong, each cause once. */
import type { Overview, SlotVerdict } from '../../../contracts/monitoring';
import { coverageOf, sumOf } from '../../store/coverage';
import { counted, hostOf } from './words';

export interface Standing {
  readonly tone: SlotVerdict;
  /** The head line of the wall. */
  readonly headline: string;
  readonly counts: Readonly<Record<SlotVerdict | 'none', number>>;
  /** Series whose newest slot was missed, or is overdue: their verdict is old. */
  readonly stale: number;
  readonly series: number;
  readonly targets: number;
  /** Over the last 24 hours; null when nothing was planned. */
  readonly coverage: number | null;
  readonly missed24h: number;
  readonly nextBreak: { readonly at: string; readonly sts: string | null; readonly targets: readonly string[] } | null;
}

/** A planned slot may wait this long for a worker before its series counts as not probed. */
const overdueMs = 15 * 60_000;

export const isStale = ({ missing, nextSlotAt }: Overview, now: Date): boolean =>
  missing !== null || (nextSlotAt !== null && now.getTime() - Date.parse(nextSlotAt) > overdueMs);

/** Not healthy, or not known to be healthy now. */
export const needsAttention = (series: Overview, now: Date): boolean => series.verdict !== 'healthy' || isStale(series, now);

export const standingOf = (all: readonly Overview[], now: Date): Standing => {
  const counts = { healthy: 0, unknown: 0, flaky: 0, 'at-risk': 0, broken: 0, none: 0 };
  for (const { verdict } of all) counts[verdict ?? 'none']++;
  const stale = all.filter((series) => isStale(series, now)).length;
  const sum = sumOf(all.map(({ last24h }) => last24h));
  const tone: SlotVerdict =
    counts.broken > 0
      ? 'broken'
      : counts['at-risk'] > 0
        ? 'at-risk'
        : counts.flaky > 0
          ? 'flaky'
          : counts.unknown + counts.none + stale > 0 || all.length === 0
            ? 'unknown'
            : 'healthy';
  return {
    tone,
    headline: headlineOf(all, counts, stale),
    counts,
    stale,
    series: all.length,
    targets: new Set(all.map(({ target }) => target)).size,
    coverage: coverageOf(sum),
    missed24h: sum.missed,
    nextBreak: nextBreakOf(all, now),
  };
};

function headlineOf(all: readonly Overview[], counts: Standing['counts'], stale: number): string {
  if (all.length === 0) return 'Nothing is monitored yet';
  const parts = [
    [counts.broken, 'broken'],
    [counts['at-risk'], 'at risk'],
    [counts.flaky, 'flaky'],
    [counts.unknown, 'unknown'],
    [counts.none, 'without a result yet'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  if (parts.length > 0) return `${parts.join(', ')} of ${counted(all.length, 'sign-in')}`;
  if (stale > 0) return `No sign-in is known to be broken, but ${stale} of ${all.length} are not probed`;
  return all.length === 1 ? 'The sign-in is healthy' : `All ${all.length} sign-ins are healthy`;
}

/** The earliest break ahead. */
function nextBreakOf(all: readonly Overview[], now: Date): Standing['nextBreak'] {
  const ahead = all
    .flatMap(({ forecast, sts, target }) =>
      forecast?.breaksAt && Date.parse(forecast.breaksAt) > now.getTime() ? [{ at: forecast.breaksAt, sts, target }] : [],
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const [first] = ahead;
  if (!first) return null;
  const same = ahead.filter(({ at, sts }) => sts === first.sts && Math.abs(Date.parse(at) - Date.parse(first.at)) < 86_400_000);
  return { at: first.at, sts: first.sts, targets: [...new Set(same.map(({ target }) => target))] };
}

/** One thing that is wrong, on all the series it touches. */
export interface Trouble {
  readonly verdict: Exclude<SlotVerdict, 'healthy'>;
  readonly title: string;
  readonly kb: string | null;
  readonly sts: string | null;
  readonly since: string | null;
  readonly series: readonly Overview[];
  readonly targets: readonly string[];
}

/** The cause; without one, the run's own line without the verdict's word, which stands beside it. */
export const troubleTitle = ({ causeTitle, summary }: Overview): string => {
  const text = causeTitle ?? summary?.replace(/^(at risk|at-risk|broken|unknown|flaky|healthy):\s*/i, '') ?? 'No cause was found';
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const worstFirst: readonly SlotVerdict[] = ['broken', 'at-risk', 'flaky', 'unknown', 'healthy'];

/** The same cause at the same STS is one thing, however many series it touches (a rollover breaks all organisations at once). The worst first. */
export const troublesOf = (all: readonly Overview[]): readonly Trouble[] => {
  const groups = new Map<string, Overview[]>();
  for (const series of all) {
    if (series.verdict === null || series.verdict === 'healthy') continue;
    const key = JSON.stringify([series.verdict, series.cause ?? series.summary, series.cause === null ? series.target : series.sts]);
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  return [...groups.values()]
    .flatMap((series): Trouble[] => {
      const [first] = series;
      if (!first || first.verdict === null || first.verdict === 'healthy') return [];
      return [
        {
          verdict: first.verdict,
          title: troubleTitle(first),
          kb: first.kb,
          sts: first.sts,
          since: series.flatMap(({ since }) => (since === null ? [] : [since])).sort()[0] ?? null,
          series,
          targets: [...new Set(series.map(({ target }) => target))],
        },
      ];
    })
    .sort((a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict) || b.series.length - a.series.length);
};

export interface TargetRows {
  readonly target: string;
  readonly rows: readonly Overview[];
}
export interface StsGroup {
  readonly sts: string | null;
  readonly name: string;
  readonly targets: readonly TargetRows[];
  readonly series: readonly Overview[];
}

const badness = (series: Overview, now: Date): number => (series.verdict === null ? 3 : worstFirst.indexOf(series.verdict)) - (isStale(series, now) ? 0.5 : 0);
const worst = (rows: readonly Overview[], now: Date): number => Math.min(...rows.map((row) => badness(row, now)));

/** Series by STS and target; in the order of their names, or the worst first. */
export const groupsOf = (all: readonly Overview[], now: Date, worstAtTop: boolean): readonly StsGroup[] => {
  const bySts = new Map<string, Overview[]>();
  for (const series of all) bySts.set(series.sts ?? '', [...(bySts.get(series.sts ?? '') ?? []), series]);
  const groups = [...bySts].map(([sts, series]): StsGroup => {
    const byTarget = new Map<string, Overview[]>();
    for (const one of series) byTarget.set(one.target, [...(byTarget.get(one.target) ?? []), one]);
    const targets = [...byTarget].map(([target, rows]) => ({ target, rows }));
    if (worstAtTop) targets.sort((a, b) => worst(a.rows, now) - worst(b.rows, now) || (a.target < b.target ? -1 : 1));
    return { sts: sts === '' ? null : sts, name: sts === '' ? 'STS not seen yet' : hostOf(sts), targets, series };
  });
  groups.sort((a, b) => (worstAtTop ? worst(a.series, now) - worst(b.series, now) : 0) || (a.name < b.name ? -1 : 1));
  return groups;
};
