import { type AlertsConfig, durationMs, type TargetAlert } from '../../contracts/alert-config';

/** How many bad slots make an alert of a target, and how many good ones end it. */
export interface Thresholds {
  readonly after: number;
  readonly of: number;
  readonly recovered: number;
  readonly locations: number;
}

/** When somebody is told: `alerts:` with every default filled in. */
export interface AlertPolicy {
  readonly thresholdsOf: (target: string) => Thresholds;
  readonly gatherMs: number;
  /** Null = never again. */
  readonly remindMs: number | null;
  readonly joiners: 'by-cause' | 'page' | 'quiet';
  readonly leavers: 'page' | 'quiet';
  /** The most first. */
  readonly forecastDays: readonly number[];
  readonly flaky: { readonly after: number; readonly of: number };
  readonly coverage: { readonly below: number; readonly of: number };
  readonly duringChange: 'mark' | 'hold';
}

/** `byTarget`: the `alert:` of targets that have one. */
export function alertPolicy(config: AlertsConfig = {}, byTarget: Readonly<Record<string, TargetAlert>> = {}): AlertPolicy {
  return {
    thresholdsOf: (target) => {
      const own = Object.hasOwn(byTarget, target) ? byTarget[target] : undefined;
      const after = own?.after ?? config.after ?? 2;
      return {
        after,
        of: Math.max(own?.of ?? config.of ?? 3, after),
        recovered: own?.recovered ?? config.recovered ?? after,
        locations: own?.locations ?? config.locations ?? 1,
      };
    },
    gatherMs: durationMs(config.gather ?? '60s'),
    remindMs: config.remind === 'never' ? null : durationMs(config.remind ?? '4h'),
    joiners: config.joiners ?? 'by-cause',
    leavers: config.leavers ?? 'quiet',
    forecastDays: (config.forecastDays ?? [30, 14, 7, 3, 1]).toSorted((a, b) => b - a),
    flaky: config.flaky ?? { after: 3, of: 12 },
    coverage: config.coverage ?? { below: 0.8, of: 12 },
    duringChange: config.duringChange ?? 'mark',
  };
}
