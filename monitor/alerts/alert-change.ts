import { randomUUID } from 'node:crypto';
import type { AlertMember, AlertRecord, LeftHow } from '../../contracts/monitoring';
import { seriesName } from './series-name';

/** An alert that is new in this round. */
export function newAlert(
  now: string,
  facts: Pick<AlertRecord, 'key' | 'kind' | 'severity' | 'title' | 'members'> & Partial<Omit<AlertRecord, 'id' | 'state'>>,
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
    id: randomUUID(),
    state: 'open',
    openedAt: now,
    changedAt: now,
  };
}

/** Those that are in trouble now. */
export const liveMembers = ({ members }: Pick<AlertRecord, 'members'>): AlertMember[] => members.filter(({ left }) => left === undefined);

/** False for one that joined and was not told of yet. */
export const isKnown = ({ untold }: AlertMember): boolean => untold === undefined || (untold.what !== 'joined' && untold.what !== 'silenced');

/** The member from now on: it stays in the record. What was not told of it needs not be told any more, but that nobody knew of it does not get lost. */
export function leaving(member: AlertMember, how: LeftHow, now: string): AlertMember {
  const { untold, ...rest } = member;
  return { ...rest, ...(untold && !isKnown(member) ? { untold } : {}), left: { at: now, how } };
}

/** With these members besides, or again. */
export function joinedBy(members: readonly AlertMember[], joiners: readonly AlertMember[]): AlertMember[] {
  const joining = new Map(joiners.map((member) => [seriesName(member), member]));
  const names = new Set(members.map(seriesName));
  return [...members.map((member) => joining.get(seriesName(member)) ?? member), ...joiners.filter((member) => !names.has(seriesName(member)))];
}

/** How something with these members ended: it happened or recovered if any of them did. */
export function endOf(members: readonly AlertMember[]): Exclude<AlertRecord['state'], 'open'> {
  const ends = new Set(members.map(({ left }) => left?.how));
  return (['happened', 'recovered', 'moved'] as const).find((how) => ends.has(how)) ?? 'removed';
}

/** The alert, ended where nothing is in trouble any more. */
export const settled = (alert: AlertRecord, now: string): AlertRecord =>
  liveMembers(alert).length > 0 ? alert : { ...alert, state: endOf(alert.members), recoveredAt: now, changedAt: now };
