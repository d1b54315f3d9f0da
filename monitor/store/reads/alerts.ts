import { type AlertRecord, alertRecordSchema, type Delivery, deliverySchema } from '../../../contracts/monitoring';
import type { Queries } from '../database';
import { iso, isoOrNull, type Row } from '../slot-rows';

function alertOf(row: Row): AlertRecord {
  return alertRecordSchema.parse({
    id: row.id,
    key: row.key,
    kind: row.kind,
    state: row.state,
    severity: row.severity,
    title: row.title,
    verdict: row.verdict,
    cause: row.cause,
    kb: row.kb,
    sts: row.sts,
    breaksAt: isoOrNull(row.breaks_at as Date | null),
    members: row.members,
    openedAt: iso(row.opened_at as Date),
    changedAt: iso(row.changed_at as Date),
    recoveredAt: isoOrNull(row.recovered_at as Date | null),
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: isoOrNull(row.acknowledged_at as Date | null),
    lastNotifiedAt: isoOrNull(row.last_notified_at as Date | null),
  } satisfies Record<keyof AlertRecord, unknown>);
}

export function deliveryOf(row: Row): Delivery {
  return deliverySchema.parse({
    id: row.id,
    alertId: row.alert_id,
    event: row.event,
    channel: row.channel,
    payload: row.payload,
    state: row.state,
    attempts: row.attempts,
    createdAt: iso(row.created_at as Date),
    nextAttemptAt: iso(row.next_attempt_at as Date),
    sentAt: isoOrNull(row.sent_at as Date | null),
    lastError: row.last_error,
  } satisfies Record<keyof Delivery, unknown>);
}

/** The newest first. */
export async function readAlerts(
  db: Queries,
  { state, limit = 100 }: { readonly state?: AlertRecord['state']; readonly limit?: number } = {},
): Promise<AlertRecord[]> {
  const rows = await db.query<Row>('SELECT * FROM alerts WHERE $1::text IS NULL OR state = $1 ORDER BY opened_at DESC, id LIMIT $2', [state ?? null, limit]);
  return rows.map(alertOf);
}

/** Those that were open within the span and touch the target. */
export async function readAlertsOf(db: Queries, target: string, { from, to }: { readonly from: string; readonly to: string }): Promise<AlertRecord[]> {
  const rows = await db.query<Row>(
    `SELECT * FROM alerts WHERE opened_at < $2 AND (recovered_at IS NULL OR recovered_at > $1)
     AND members @> jsonb_build_array(jsonb_build_object('target', $3::text))
     ORDER BY opened_at DESC LIMIT 200`,
    [from, to, target],
  );
  return rows.map(alertOf);
}

/** An alert with its deliveries, in the order in which they were made. */
export async function readAlert(db: Queries, id: string): Promise<{ alert: AlertRecord; deliveries: Delivery[] } | null> {
  const [row] = await db.query<Row>('SELECT * FROM alerts WHERE id::text = $1', [id]);
  if (!row) return null;
  const deliveries = await db.query<Row>('SELECT * FROM deliveries WHERE alert_id = $1 ORDER BY n', [id]);
  return { alert: alertOf(row), deliveries: deliveries.map(deliveryOf) };
}
