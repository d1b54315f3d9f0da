import { randomUUID } from 'node:crypto';
import type { AlertRecord, Delivery, Silence } from '../../contracts/monitoring';
import type { Database, Queries } from './database';
import { deliveryOf } from './reads/alerts';
import type { Row } from './slot-rows';
import { storableJson } from './storable';
import type { StoreAlerts, TakeDeliveries } from './store';

export async function saveSilence(db: Queries, silence: Omit<Silence, 'id'>): Promise<Silence> {
  const id = randomUUID();
  const { target, route, location, cause, from, to, by, reason } = silence;
  await db.query('INSERT INTO silences (id, target, route, location, cause, from_at, to_at, by_whom, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    id,
    target,
    route,
    location,
    cause,
    from,
    to,
    by,
    reason,
  ]);
  return { id, ...silence };
}

export async function endSilence(db: Queries, id: string, now: Date): Promise<boolean> {
  const rows = await db.query('UPDATE silences SET to_at = $2 WHERE id::text = $1 AND to_at > $2 RETURNING id', [id, now]);
  return rows.length > 0;
}

export async function acknowledge(db: Queries, alertId: string, by: string, now: Date): Promise<boolean> {
  const rows = await db.query(`UPDATE alerts SET acknowledged_by = $2, acknowledged_at = $3 WHERE id::text = $1 AND state = 'open' RETURNING id`, [
    alertId,
    by,
    now,
  ]);
  return rows.length > 0;
}

/** Inserts or replaces by id. Who acknowledged it is written by `acknowledge` only, and survives a replacement. */
export async function saveAlert(db: Queries, alert: AlertRecord): Promise<void> {
  await db.query(
    `INSERT INTO alerts (id, key, kind, state, severity, title, verdict, cause, kb, sts, breaks_at, members, opened_at, changed_at, recovered_at,
    acknowledged_by, acknowledged_at, last_notified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15, $16, $17, $18)
     ON CONFLICT (id) DO UPDATE SET key = EXCLUDED.key, kind = EXCLUDED.kind, state = EXCLUDED.state, severity = EXCLUDED.severity, title = EXCLUDED.title,
     verdict = EXCLUDED.verdict,
       cause = EXCLUDED.cause, kb = EXCLUDED.kb, sts = EXCLUDED.sts, breaks_at = EXCLUDED.breaks_at, members = EXCLUDED.members,
       changed_at = EXCLUDED.changed_at,
       recovered_at = EXCLUDED.recovered_at, last_notified_at = EXCLUDED.last_notified_at`,
    [
      alert.id,
      alert.key,
      alert.kind,
      alert.state,
      alert.severity,
      alert.title,
      alert.verdict,
      alert.cause,
      alert.kb,
      alert.sts,
      alert.breaksAt,
      storableJson(alert.members),
      alert.openedAt,
      alert.changedAt,
      alert.recoveredAt,
      alert.acknowledgedBy,
      alert.acknowledgedAt,
      alert.lastNotifiedAt,
    ],
  );
}

export async function enqueueDelivery(db: Queries, { alertId, event, channel, payload }: Parameters<StoreAlerts['enqueueDelivery']>[0]): Promise<string> {
  const id = randomUUID();
  await db.query(
    `INSERT INTO deliveries (id, alert_id, event, channel, payload, state, created_at, next_attempt_at) VALUES ($1, $2, $3, $4, ` +
      `$5::jsonb, 'pending', now(), now())`,
    [id, alertId, event, channel, storableJson(payload)],
  );
  return id;
}

/** None waits longer than this for its next try. */
export const longestWaitMs = 3_600_000;

/** One that was never tried is due, and one that would wait longer than any may: the clock was set back since. */
export async function takeDeliveries(db: Queries, { limit, leaseMs, except }: TakeDeliveries, now: Date): Promise<Delivery[]> {
  const rows = await db.query<Row>(
    `WITH taken AS (UPDATE deliveries SET attempts = attempts + 1, next_attempt_at = $3::timestamptz + $2 * interval '1 millisecond'
       WHERE id IN (SELECT id FROM deliveries WHERE state = 'pending' AND NOT channel = ANY ($4::text[])
         AND (attempts = 0 OR next_attempt_at <= $3 OR next_attempt_at > $3::timestamptz + $5 * interval '1 millisecond') ORDER BY n LIMIT $1
         FOR UPDATE SKIP LOCKED) RETURNING *)
     SELECT * FROM taken ORDER BY n`,
    [limit, leaseMs, now, except, longestWaitMs],
  );
  return rows.map(deliveryOf);
}

export async function deliveryResult(db: Database, id: string, result: Parameters<StoreAlerts['deliveryResult']>[1]): Promise<void> {
  if (result.ok) await db.query(`UPDATE deliveries SET state = 'sent', sent_at = now(), last_error = NULL WHERE id = $1`, [id]);
  else
    await db.query(
      `UPDATE deliveries SET state = CASE WHEN $3::timestamptz IS NULL THEN 'failed' ELSE 'pending' END, next_attempt_at = COALESCE($3, ` +
        `next_attempt_at), last_error = $2 WHERE id = $1`,
      [id, result.error, result.retryAt],
    );
}
