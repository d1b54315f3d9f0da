import { type Silence, silenceSchema, type Window, windowSchema } from '../../../contracts/monitoring';
import type { Queries } from '../database';
import { iso, isoOrNull, type Row } from '../slot-rows';

/** Maintenance and changes that touch the span, the earliest first. */
export async function readWindows(db: Queries, { from, to }: { readonly from: string; readonly to: string }, target?: string): Promise<Window[]> {
  const rows = await db.query<Row>(
    `SELECT * FROM windows WHERE from_at < $2 AND (to_at IS NULL OR to_at > $1) AND ($3::text IS NULL OR targets IS NULL OR $3 ` +
      `= ANY (targets)) ORDER BY from_at, id`,
    [from, to, target ?? null],
  );
  return rows.map((row) =>
    windowSchema.parse({
      id: row.id,
      kind: row.kind,
      targets: row.targets,
      from: iso(row.from_at as Date),
      to: isoOrNull(row.to_at as Date | null),
      text: row.text,
      by: row.by_whom,
    } satisfies Record<keyof Window, unknown>),
  );
}

export async function readSilences(db: Queries, { all = false, now = new Date() }: { readonly all?: boolean; readonly now?: Date } = {}): Promise<Silence[]> {
  const rows = await db.query<Row>('SELECT * FROM silences WHERE $1 OR to_at > $2 ORDER BY from_at DESC, id', [all, now]);
  return rows.map((row) =>
    silenceSchema.parse({
      id: row.id,
      target: row.target,
      route: row.route,
      location: row.location,
      cause: row.cause,
      from: iso(row.from_at as Date),
      to: iso(row.to_at as Date),
      by: row.by_whom,
      reason: row.reason,
    } satisfies Record<keyof Silence, unknown>),
  );
}
