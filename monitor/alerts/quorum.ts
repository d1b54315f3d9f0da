import type { AlertMember, SeriesKey } from '../../contracts/monitoring';
import type { AlertPolicy } from './alert-policy';
import { groupBy } from './group-by';
import type { ObservedSeries } from './observed-series';

/** Target and route: what several locations look at. */
export const placeName = ({ target, route }: Pick<SeriesKey, 'target' | 'route'>): string => `${target}/${route}`;

/** False while none of its latest slots has a verdict: its agent is gone, or its probe cannot tell. */
export const sees = ({ slots, overview }: ObservedSeries, policy: AlertPolicy): boolean => {
  const latest = slots?.slice(0, policy.thresholdsOf(overview.target).of) ?? [];
  return latest.length === 0 || latest.some(({ state }) => state !== 'missed' && state !== 'unknown');
};

export interface Quorum {
  /** Enough locations show the trouble for this target and route to be in an alert. */
  readonly joins: (key: SeriesKey) => boolean;
  /** Enough of them are sure of it, each by its own count, to open one. */
  readonly opens: (key: SeriesKey) => boolean;
}

/** Counts locations per target and route. Where fewer see it than are wanted, all of those must agree: one that fell silent is no witness for either side. */
export function quorumOf(
  troubled: readonly (SeriesKey & { readonly confirmed: boolean })[],
  members: readonly AlertMember[],
  series: readonly ObservedSeries[],
  policy: AlertPolicy,
): Quorum {
  const seeing = groupBy(
    series.filter((each) => sees(each, policy)),
    ({ overview }) => placeName(overview),
  );
  const all = groupBy([...troubled, ...members.map((member) => ({ ...member, confirmed: true }))], placeName);
  const enough = (key: SeriesKey, which: (each: { readonly confirmed: boolean }) => boolean): boolean => {
    const place = placeName(key);
    const wanted = Math.min(policy.thresholdsOf(key.target).locations, Math.max(1, seeing.get(place)?.length ?? 1));
    return new Set(all.get(place)?.flatMap((each) => (which(each) ? [each.location] : []))).size >= wanted;
  };
  return { joins: (key) => enough(key, () => true), opens: (key) => enough(key, ({ confirmed }) => confirmed) };
}
