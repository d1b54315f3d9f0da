import type { AlertRecord } from '../../contracts/monitoring';

/** An alert after one round, and what there is to say about it. */
export interface AlertChange {
  readonly alert: AlertRecord;
  /** People know of these targets already, and now it is this: told at once. */
  readonly became: 'worsened' | 'cause-changed' | null;
  /** It ended because its members are in another alert, or no longer monitored: nothing recovered. */
  readonly dissolved: boolean;
}

/** An alert that is new in this round. */
export function newAlert(
  now: string,
  id: string,
  facts: Pick<AlertRecord, 'key' | 'kind' | 'severity' | 'title' | 'members'> & Partial<AlertRecord>,
): AlertRecord {
  return {
    verdict: null,
    cause: null,
    kb: null,
    sts: null,
    breaksAt: null,
    recoveredAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    lastNotifiedAt: null,
    ...facts,
    id,
    state: 'open',
    openedAt: now,
    changedAt: now,
  };
}

export const ended = (alert: AlertRecord, now: string): AlertRecord => ({ ...alert, state: 'recovered', recoveredAt: now, changedAt: now });
