import type { Attempt, SeriesKey, StageTimings } from '../../contracts/monitoring';

/** Stages as label values. */
export const stagesOf = (timings: StageTimings): readonly (readonly [stage: string, ms: number])[] =>
  (
    [
      ['total', timings.totalMs],
      ['dns', timings.dnsMs],
      ['tls', timings.tlsMs],
      ['sts', timings.stsMs],
      ['token-post', timings.tokenPostMs],
      ['crm-page', timings.crmPageMs],
    ] as const
  ).flatMap(([stage, ms]) => (ms === null ? [] : [[stage, ms] as const]));

/** From a fast intranet to the deadline of a sign-in. */
export const durationBuckets: readonly number[] = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60];

/** An attempt that ended, with the series it is of. */
export interface EndedAttempt {
  readonly series: SeriesKey;
  readonly attempt: Attempt;
}
