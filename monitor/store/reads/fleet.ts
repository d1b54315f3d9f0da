import { type QueueState, type RunnerRecord, runnerRecordSchema } from '../../../contracts/monitoring';
import type { Queries } from '../database';
import { iso, type Row } from '../slot-rows';

/** Per location: what is due and waits, and for how long. */
export async function readQueues(db: Queries, now = new Date()): Promise<QueueState[]> {
  const rows = await db.query<Row>(
    `SELECT r.location, count(*) FILTER (WHERE s.state = 'planned')::int AS waiting, count(*) FILTER (WHERE s.state = 'running')::int AS running,
       min(s.slot_at) FILTER (WHERE s.state = 'planned') AS oldest
     FROM series r LEFT JOIN slots s ON s.series_id = r.id AND s.state IN ('planned', 'running') AND s.slot_at <= $1
     WHERE r.active GROUP BY r.location ORDER BY r.location`,
    [now],
  );
  return rows.map((row) => ({
    location: row.location as string,
    waiting: row.waiting as number,
    running: row.running as number,
    queueAgeMs: row.oldest === null ? 0 : Math.max(0, now.getTime() - (row.oldest as Date).getTime()),
  }));
}

export async function readRunners(db: Queries): Promise<RunnerRecord[]> {
  const rows = await db.query<Row>('SELECT * FROM runners ORDER BY location, name');
  return rows.map((row) =>
    runnerRecordSchema.parse({
      name: row.name,
      kind: row.kind,
      location: row.location,
      tool: row.tool,
      startedAt: iso(row.started_at as Date),
      lastSeenAt: iso(row.last_seen_at as Date),
      capacity: row.capacity,
      running: row.running,
    } satisfies Record<keyof RunnerRecord, unknown>),
  );
}
