import { setTimeout as pause } from 'node:timers/promises';
import PgBoss from 'pg-boss';
import type { Database, Queries } from './database';

export interface QueuedJob {
  readonly id: string;
  readonly slotId: string;
}

/**
 * pg-boss as the queue: who takes a job keeps everybody else from it (SKIP LOCKED), on Postgres and embedded alike. One queue per location. Every call can
 * be part of a transaction on our own tables, so a slot and its job come, go and change hands together. Its retries, schedules and workers are not used:
 * a slot is run again only when our own tables say so.
 */
export class Queue {
  private constructor(
    private readonly boss: PgBoss,
    private readonly known = new Set<string>(),
  ) {}

  /** `supervise`: clean up now and then (one process of a fleet does, whichever comes first). */
  static async open(db: Database, { supervise, onError }: { supervise: boolean; onError: (error: Error) => void }): Promise<Queue> {
    const boss = new PgBoss({
      schema: 'signin_queue',
      db: asBossDb(db),
      schedule: false,
      supervise,
      maintenanceIntervalSeconds: 120,
      archiveCompletedAfterSeconds: 600,
      archiveFailedAfterSeconds: 600,
      deleteAfterHours: 1,
    });
    boss.on('error', onError);
    await boss.start();
    return new Queue(boss);
  }

  /** Creates the queue of a location when it is missing. Not within a transaction. */
  async prepare(location: string): Promise<void> {
    if (this.known.has(location)) return;
    const queue = { name: name(location), policy: 'standard', retryLimit: 0, expireInSeconds: 3_600, retentionDays: 14 } as const;
    for (let tries = 1; !(await this.boss.getQueue(queue.name)); tries += 1)
      try {
        await this.boss.createQueue(queue.name, queue);
      } catch (error) {
        // It locks all jobs, and so may others who do the same: Postgres then ends one of the two.
        if ((error as { code?: string }).code !== deadlock || tries >= 10) throw error;
        await pause(Math.random() * 500);
      }
    this.known.add(location);
  }

  async add(location: string, jobs: readonly (QueuedJob & { readonly at: Date; readonly priority: number })[], db: Queries): Promise<void> {
    if (jobs.length === 0) return;
    await this.boss.insert(
      jobs.map(({ id, slotId, at, priority }) => ({ id, name: name(location), data: { slotId }, startAfter: at.toISOString(), priority, retryLimit: 0 })),
      { db: asBossDb(db) },
    );
  }

  /** Takes up to `count` jobs that are due. */
  async take(location: string, count: number, db: Queries): Promise<QueuedJob[]> {
    const jobs = await this.boss.fetch<{ slotId: string }>(name(location), { batchSize: count, db: asBossDb(db) });
    return jobs.map(({ id, data }) => ({ id, slotId: data.slotId }));
  }

  /** The job has led to an end of its slot, or to a new job. */
  async done(location: string, ids: readonly string[], db: Queries): Promise<void> {
    if (ids.length > 0) await this.boss.deleteJob(name(location), [...ids], { db: asBossDb(db) });
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false, close: false });
  }
}

const deadlock = '40P01';

const name = (location: string): string => `location-${location}`;

/** pg-boss reads only `rows`, and gives no values when it sends several statements. */
function asBossDb(db: Queries): PgBoss.Db {
  return { executeSql: async (text: string, values?: unknown[]) => ({ rows: await db.query(text, values) }) };
}
