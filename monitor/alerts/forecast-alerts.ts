import { randomUUID } from 'node:crypto';
import type { AlertRecord } from '../../contracts/monitoring';
import { dayText } from '../../reports/words/time';
import { type AlertChange, ended, newAlert } from './alert-change';
import { groupBy } from './group-by';
import type { VerdictRound } from './verdict-alerts';
import { foretoldBreak } from './observed-series';

const dayMs = 86_400_000;

/**
 * One alert per STS that will break within the first of the forecast days. Its record has the date last told; a date that moved by less than a day is
 * the same date. Ends when the date is gone: it `dissolved` when the break came instead of a repair.
 */
export function forecastAlerts({ now, series, open, policy }: VerdictRound): AlertChange[] {
  const threatened = series.flatMap(({ overview }) => {
    const breaksAt = overview.sts === null ? null : foretoldBreak(overview, policy.forecastDays, now);
    return breaksAt === null || overview.sts === null ? [] : [{ overview, breaksAt, sts: overview.sts }];
  });
  const bySts = groupBy(threatened, ({ sts }) => sts);
  const changes: AlertChange[] = [];
  for (const alert of open)
    if (alert.sts === null || !bySts.has(alert.sts)) {
      const broken = series.some(({ overview }) => overview.sts === alert.sts && overview.verdict === 'broken');
      const known = series.some(({ overview }) => overview.sts === alert.sts);
      changes.push({ alert: ended(alert, now), became: null, dissolved: broken || !known });
    }
  for (const [sts, some] of bySts) {
    const breaksAt = some.map((each) => each.breaksAt).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]!;
    const present = open.find((alert) => alert.sts === sts);
    const members = some.map(({ overview: { target, route, location, lastRunId } }) => {
      const before = present?.members.find((member) => member.target === target && member.route === route && member.location === location);
      return before ?? { target, route, location, since: now, runId: lastRunId };
    });
    const moved = present === undefined || present.breaksAt === null || Math.abs(Date.parse(present.breaksAt) - Date.parse(breaksAt)) > dayMs;
    const facts = {
      key: `forecast:${sts}`,
      kind: 'forecast' as const,
      severity: severityAt(breaksAt, now),
      title: `Sign-in through ${new URL(sts).host} will break on ${dayText(breaksAt)}`,
      sts,
      members,
      breaksAt,
    };
    if (!present) changes.push({ alert: newAlert(now, randomUUID(), facts), became: null, dissolved: false });
    else
      changes.push({ alert: { ...present, ...facts, ...(moved ? {} : { breaksAt: present.breaksAt, title: present.title }) }, became: null, dissolved: false });
  }
  return changes;
}

function severityAt(breaksAt: string, now: string): AlertRecord['severity'] {
  const days = (Date.parse(breaksAt) - Date.parse(now)) / dayMs;
  return days > 7 ? 'info' : days > 1 ? 'warning' : 'critical';
}

/** True when a forecast day has come that was not told yet. What was told follows from the instant of the last message: nothing else to remember. */
export function forecastDayCame({ breaksAt, lastNotifiedAt }: AlertRecord, forecastDays: readonly number[], now: string): boolean {
  if (breaksAt === null) return false;
  const nearestAt = (instant: string): number | undefined =>
    forecastDays.filter((days) => Date.parse(breaksAt) - Date.parse(instant) <= days * dayMs).toSorted((a, b) => a - b)[0];
  const due = nearestAt(now);
  if (due === undefined) return false;
  const told = lastNotifiedAt === null ? undefined : nearestAt(lastNotifiedAt);
  return told === undefined || due < told;
}
