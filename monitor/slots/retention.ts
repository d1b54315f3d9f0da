import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MonitorSettings } from '../settings/monitor-settings';
import type { Database } from '../store/database';

const dayMs = 86_400_000;

/**
 * Removes what is past its time. Reports of healthy sign-ins: all of the last day stay, then one per series and hour. Daily figures stay for good.
 * In small steps, so that nobody waits long.
 */
export async function pruneStore(db: Database, { healthyDays, otherDays, slotDays }: MonitorSettings['keep'], now = new Date()): Promise<void> {
  const before = (days: number): Date => new Date(now.getTime() - days * dayMs);
  await repeatedly(
    db,
    `DELETE FROM reports WHERE run_id IN (SELECT run_id FROM reports WHERE at < CASE verdict WHEN 'healthy' THEN $1::timestamptz ELSE ` +
      `$2::timestamptz END LIMIT 1000) RETURNING 1`,
    [before(healthyDays), before(otherDays)],
  );
  await repeatedly(
    db,
    `DELETE FROM reports WHERE run_id IN (SELECT p.run_id FROM reports p JOIN slots s ON s.id = p.slot_id WHERE p.verdict = 'healthy' AND p.at < $1 AND EXISTS (
       SELECT 1 FROM slots e WHERE e.series_id = s.series_id AND e.state = 'healthy' AND e.slot_at >= date_trunc('hour', s.slot_at, \
'UTC') AND e.slot_at < s.slot_at)
       LIMIT 1000) RETURNING 1`,
    [before(1)],
  );
  await repeatedly(
    db,
    `WITH old AS (SELECT id FROM slots WHERE slot_at < $1 AND state NOT IN ('planned', 'running') ORDER BY slot_at LIMIT 2000),
       gone AS (DELETE FROM attempts WHERE slot_id IN (SELECT id FROM old))
     DELETE FROM slots WHERE id IN (SELECT id FROM old) RETURNING 1`,
    [before(slotDays)],
  );
  await db.query('DELETE FROM hours WHERE hour < $1', [before(slotDays)]);
  await db.query(`DELETE FROM deliveries WHERE state <> 'pending' AND created_at < $1`, [before(slotDays)]);
  // One far ahead is of a clock that was set back since.
  await db.query(`DELETE FROM runners WHERE last_seen_at NOT BETWEEN $1 AND $2`, [before(7), before(-7)]);
}

async function repeatedly(db: Database, text: string, values: readonly unknown[]): Promise<void> {
  for (let rows = 1; rows > 0;) rows = (await db.query(text, values)).length;
}

/** Run folders past their time: the same rule as for reports, by the time in their name and the verdict in their report. Others' files are left alone. */
export async function pruneRunFolders(outFolder: string, { healthyDays, otherDays }: MonitorSettings['keep'], now = new Date()): Promise<number> {
  const names = await readdir(outFolder).catch((): string[] => []);
  const hours = new Set<string>();
  let removed = 0;
  for (const name of names.filter((each) => runFolderName.test(each)).sort()) {
    const path = join(outFolder, name);
    const ageMs =
      now.getTime() -
      (await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => now.getTime(),
      ));
    if (ageMs < dayMs) continue;
    const run = await headline(join(path, 'report.json'));
    if (!run?.watched) continue;
    const hour = `${run.series} ${name.slice(0, 11)}`;
    const old = ageMs > (run.verdict === 'healthy' ? healthyDays : otherDays) * dayMs;
    if (!old && (run.verdict !== 'healthy' || !hours.has(hour))) {
      hours.add(hour);
      continue;
    }
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

/** 20261123T122240Z-1a2b */
const runFolderName = /^\d{8}T\d{6}Z-[0-9a-f]{4,}$/;

/** Only what `watch` and agents wrote has a label that says so: runs by hand are for their owner to delete. */
async function headline(file: string): Promise<{ watched: boolean; verdict: string; series: string } | null> {
  try {
    const report = JSON.parse(await readFile(file, 'utf8')) as { verdict: string; run: { label: string | null }; results: { target: string; route: string }[] };
    return {
      watched: report.run.label?.startsWith(slotLabel) ?? false,
      verdict: report.verdict,
      series: report.results.map(({ target, route }) => `${target} ${route}`).join(' '),
    };
  } catch {
    return null;
  }
}

/** How the label of a slot's run begins. */
export const slotLabel = 'slot ';
