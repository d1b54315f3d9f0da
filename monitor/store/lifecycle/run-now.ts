import type { SeriesKey } from '../../../contracts/monitoring';
import type { Database } from '../database';
import type { Queue } from '../queue';
import { jobId, slotId } from '../slot-id';

/** How long "run now" may wait for a worker before it counts as missed. */
const patienceMs = 5 * 60_000;

/** Plans a slot for this second; its id, or null when there is no such series. Asked for twice within the second, it is the same slot. */
export async function runNow(db: Database, queue: Queue, key: SeriesKey, now: Date): Promise<string | null> {
  await queue.prepare(key.location);
  const at = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const id = slotId(key, at);
  return db.transaction(async (tx) => {
    const [series] = await tx.query<{ id: number }>('SELECT id FROM series WHERE target = $1 AND route = $2 AND location = $3 AND active', [
      key.target,
      key.route,
      key.location,
    ]);
    if (!series) return null;
    const [fresh] = await tx.query(
      `INSERT INTO slots (id, series_id, slot_at, start_before, origin, state) VALUES ($1, $2, $3, $4, 'manual', ` +
        `'planned') ON CONFLICT DO NOTHING RETURNING id`,
      [id, series.id, at, new Date(now.getTime() + patienceMs)],
    );
    if (fresh) await queue.add(key.location, [{ id: jobId(id, 1), slotId: id, at, priority: 10 }], tx);
    return id;
  });
}
