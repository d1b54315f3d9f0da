import type { Database, Queries } from '../database';
import { noteRunner } from './heartbeat';
import { runnerGoneAfterMs, runnerIsThere } from './sweep';

/** Of the runners whose names begin with `prefix` there are `most` at a time; one that was not heard of for a minute makes room. */
export interface RunnerBound {
  readonly prefix: string;
  readonly most: number;
}

/** Whether this runner is one of them, or may become one. */
export const hasRoom = async (db: Queries, name: string, bound: RunnerBound): Promise<boolean> => (await surplusOf(db, name, bound)).every(({ gone }) => gone);

/** Notes the runner in the place of those that are gone; false where there is no room. One after the other, so that many at once are not more. */
export async function noteBounded(db: Database, runner: Parameters<typeof noteRunner>[1], bound: RunnerBound): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`signin-probe runners ${bound.prefix}`]);
    const surplus = await surplusOf(tx, runner.name, bound);
    if (surplus.some(({ gone }) => !gone)) return false;
    if (surplus.length > 0) await tx.query('DELETE FROM runners WHERE name = ANY ($1::text[])', [surplus.map(({ name }) => name)]);
    await noteRunner(tx, runner);
    return true;
  });
}

/** Who would have to go for this one to fit in, the longest silent first. */
async function surplusOf(db: Queries, name: string, { prefix, most }: RunnerBound): Promise<{ name: string; gone: boolean }[]> {
  const others = await db.query<{ name: string; gone: boolean }>(
    `SELECT name, NOT (${runnerIsThere('$3')}) AS gone
       FROM runners WHERE starts_with(name, $1) AND name <> $2 ORDER BY gone DESC, last_seen_at`,
    [prefix, name, runnerGoneAfterMs],
  );
  return others.slice(0, Math.max(0, others.length - (most - 1)));
}
