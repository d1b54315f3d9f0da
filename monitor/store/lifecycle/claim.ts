import type { Route } from '../../../contracts/words';
import type { Database } from '../database';
import type { Queue } from '../queue';
import { jobId } from '../slot-id';
import { iso } from '../slot-rows';

/** The right to run a slot, until the lease ends. */
export interface Claim {
  readonly slotId: string;
  /** Proves the right; whoever has another one for the slot is too late. */
  readonly claim: string;
  readonly target: string;
  readonly route: Route;
  readonly location: string;
  readonly slotAt: string;
  /** 1 for the first; 2 and more after whoever had it before stopped answering. */
  readonly attempt: number;
}

export interface Claimant {
  readonly location: string;
  /** The process, by name. */
  readonly runner: string;
  readonly leaseMs: number;
}

/** True of a slot within a maintenance window; `s` is slots, `r` is series. */
export const inMaintenance = `EXISTS (SELECT 1 FROM windows w WHERE w.kind = 'maintenance' AND w.from_at <= s.slot_at AND (w.to_at IS NULL
OR s.slot_at < w.to_at)
  AND (w.targets IS NULL OR r.target = ANY (w.targets)))`;

/** Takes up to `count` slots that are due, each for this claimant alone: job, slot and attempt change in one transaction. */
export async function claimSlots(db: Database, queue: Queue, { location, runner, leaseMs }: Claimant, count: number): Promise<Claim[]> {
  return db.transaction(async (tx) => {
    const jobs = await queue.take(location, count, tx);
    if (jobs.length === 0) return [];
    const rows = await tx.query<{ id: string; claim: string; target: string; route: Route; slot_at: Date; attempts: number }>(
      `UPDATE slots s SET state = 'running', claim = gen_random_uuid(), runner = $2, lease_until = now() + $3 * interval '1 millisecond',
         started_at = COALESCE(started_at, now()), attempts = attempts + 1
       FROM series r WHERE r.id = s.series_id AND s.id = ANY ($1::uuid[]) AND s.state = 'planned' AND s.start_before > now() AND r.location = $4
       AND NOT ${inMaintenance}
       RETURNING s.id, s.claim, r.target, r.route, s.slot_at, s.attempts`,
      [jobs.map(({ slotId }) => slotId), runner, leaseMs, location],
    );
    const claimed = new Set(rows.map(({ id }) => id));
    await queue.done(
      location,
      jobs.filter(({ slotId }) => !claimed.has(slotId)).map(({ id }) => id),
      tx,
    );
    if (rows.length === 0) return [];
    await tx.query(
      `INSERT INTO attempts (slot_id, n, reason, runner, started_at) SELECT id, n, CASE n WHEN 1 THEN 'first' ELSE 'again' END, $3, now()
       FROM unnest($1::uuid[], $2::int[]) AS claimed (id, n)`,
      [rows.map(({ id }) => id), rows.map(({ attempts }) => attempts), runner],
    );
    const inOrder = [...rows].sort((a, b) => a.slot_at.getTime() - b.slot_at.getTime());
    return inOrder.map(({ id, claim, target, route, slot_at, attempts }) => ({
      slotId: id,
      claim,
      target,
      route,
      location,
      slotAt: iso(slot_at),
      attempt: attempts,
    }));
  });
}

/** Prolongs leases of slots of the location. Returns the claims that are no good (any more): their slots went to somebody else, or were never theirs. */
export async function renewClaims(
  db: Database,
  claims: readonly Pick<Claim, 'slotId' | 'claim'>[],
  { location, leaseMs }: Pick<Claimant, 'location' | 'leaseMs'>,
): Promise<string[]> {
  if (claims.length === 0) return [];
  const rows = await db.query<{ claim: string }>(
    `UPDATE slots s SET lease_until = now() + $3 * interval '1 millisecond' FROM series r, unnest($1::uuid[], $2::uuid[]) AS held (id, claim)
     WHERE r.id = s.series_id AND r.location = $4 AND s.state = 'running' AND s.id = held.id AND s.claim = held.claim RETURNING s.claim`,
    [claims.map(({ slotId }) => slotId), claims.map(({ claim }) => claim), leaseMs, location],
  );
  const good = new Set(rows.map(({ claim }) => claim));
  return claims.map(({ claim }) => claim).filter((claim) => !good.has(claim));
}

/** Gives a slot back that was not run to its end: another takes it, if there is time. False when the claim is no longer good. */
export async function handBack(db: Database, queue: Queue, { slotId, claim, location, attempt }: Claim, why: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query(
      `UPDATE slots SET state = 'planned', claim = NULL, runner = NULL, lease_until = NULL WHERE id = $1 AND claim = $2 AND state = 'running' RETURNING id`,
      [slotId, claim],
    );
    if (!row) return false;
    await tx.query('UPDATE attempts SET finished_at = now(), why = $3 WHERE slot_id = $1 AND n = $2', [slotId, attempt, why]);
    await queue.done(location, [jobId(slotId, attempt)], tx);
    await queue.add(location, [{ id: jobId(slotId, attempt + 1), slotId, at: new Date(), priority: 5 }], tx);
    return true;
  });
}

/** The claim as the store knows it; null when it is no longer good. What comes from outside proves itself with the claim alone. */
export async function openClaim(db: Database, slotId: string, claim: string): Promise<Claim | null> {
  const [row] = await db.query<{ target: string; route: Route; location: string; slot_at: Date; attempts: number }>(
    `SELECT r.target, r.route, r.location, s.slot_at, s.attempts FROM slots s JOIN series r ON r.id = s.series_id WHERE s.id = $1 AND ` +
      `s.claim = $2 AND s.state = 'running'`,
    [slotId, claim],
  );
  return row ? { slotId, claim, target: row.target, route: row.route, location: row.location, slotAt: iso(row.slot_at), attempt: row.attempts } : null;
}
