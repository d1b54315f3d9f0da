import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import type { Window } from '../../contracts/monitoring';
import type { OpenChange } from '../../runs/changes';
import type { MaintenanceRule } from '../settings/monitor-settings';
import { durationMs } from '../settings/schedule';
import type { Database } from '../store/database';

const dayMs = 86_400_000;

/** The windows of the configuration that touch a span; a repeated one once for each time. */
function maintenanceWindows(rules: readonly MaintenanceRule[], from: Date, to: Date): Window[] {
  return rules.flatMap((rule): Window[] => {
    const window = (start: Date, end: Date): Window => ({
      id: `config:${createHash('sha256')
        .update(JSON.stringify([rule.appliesTo, start, end]))
        .digest('hex')
        .slice(0, 32)}`,
      kind: 'maintenance',
      targets: rule.appliesTo === null ? null : [...rule.appliesTo],
      from: start.toISOString(),
      to: end.toISOString(),
      text: rule.text ?? 'Maintenance, as configured.',
      by: null,
    });
    if (!('cron' in rule)) {
      const [start, end] = [new Date(rule.from), new Date(rule.to)];
      return start < to && end > from ? [window(start, end)] : [];
    }
    const lengthMs = durationMs(rule.for);
    const cron = new Cron(rule.cron, { timezone: rule.zone, mode: '5-part' });
    const windows: Window[] = [];
    for (let start = cron.nextRun(new Date(from.getTime() - lengthMs)); start !== null && start < to; start = cron.nextRun(start))
      windows.push(window(start, new Date(start.getTime() + lengthMs)));
    return windows;
  });
}

/** The announced changes of one output folder. */
export interface AnnouncedChanges {
  /** Which folder: another watch on the same store may have one of its own. */
  readonly place: string;
  /** Null while they cannot be read: those known stay as they are. */
  readonly open: readonly OpenChange[] | null;
}

/** A change whose watch was not heard of for so long is over: its machine is gone, or its folder was moved. */
const forgottenAfterMs = dayMs;

/**
 * Writes what the configuration and the announced changes say from a day ago to a day ahead; what they no longer say and has not begun goes.
 * A change ends where it was announced.
 */
export async function recordWindows(db: Database, rules: readonly MaintenanceRule[], { place, open }: AnnouncedChanges, now: Date): Promise<void> {
  const span = { from: new Date(now.getTime() - dayMs), to: new Date(now.getTime() + dayMs) };
  const maintenance = maintenanceWindows(rules, span.from, span.to);
  const own = `change:${createHash('sha256').update(place).digest('hex').slice(0, 16)}:`;
  const announced = (open ?? []).map(({ name, since, targets }): Window => ({
    id: `${own}${name}:${since}`,
    kind: 'change',
    targets: targets.map((target) => target.name),
    from: since,
    to: null,
    text: `Change ${name}`,
    by: null,
  }));
  const windows = [...maintenance, ...announced];
  await db.transaction(async (tx) => {
    for (const { id, kind, targets, from, to, text, by } of windows)
      await tx.query(
        `INSERT INTO windows (id, kind, targets, from_at, to_at, text, by_whom, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET text = EXCLUDED.text, to_at = EXCLUDED.to_at, said_at = EXCLUDED.said_at`,
        [id, kind, targets, from, to, text, by, now],
      );
    const ids = windows.map(({ id }) => id);
    await tx.query(`UPDATE windows SET to_at = $2 WHERE id LIKE 'config:%' AND NOT (id = ANY ($1::text[])) AND from_at <= $2 AND to_at > $2`, [ids, now]);
    await tx.query(`DELETE FROM windows WHERE id LIKE 'config:%' AND NOT (id = ANY ($1::text[])) AND from_at > $2`, [ids, now]);
    if (open !== null)
      await tx.query(`UPDATE windows SET to_at = $3 WHERE starts_with(id, $2) AND NOT (id = ANY ($1::text[])) AND to_at IS NULL`, [ids, own, now]);
    await tx.query(`UPDATE windows SET to_at = $1 WHERE id LIKE 'change:%' AND to_at IS NULL AND said_at < $2`, [
      now,
      new Date(now.getTime() - forgottenAfterMs),
    ]);
  });
}
