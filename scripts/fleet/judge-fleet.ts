import { readFile } from 'node:fs/promises';
import type { Database } from '../../monitor/store/database';

interface Line {
  readonly event: 'begun' | 'ended';
  readonly slotId: string;
  readonly location: string;
  readonly place: string;
  readonly attempt: number;
}

/** Holds the store's slots due before `until` against what the runners wrote down themselves. */
export async function judgeFleet(db: Database, journalFile: string, until: Date): Promise<{ ok: boolean; lines: string[] }> {
  const journal = (await readFile(journalFile, 'utf8')).split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Line] : []));
  const slots = await db.query<{ id: string; state: string; because: string | null; location: string; attempts: number; late: number | null }>(
    `SELECT s.id, s.state, s.missed_because AS because, r.location, s.attempts, EXTRACT(epoch FROM s.started_at - s.slot_at)::float8 AS late
     FROM slots s JOIN series r ON r.id = s.series_id WHERE s.slot_at < $1`,
    [until],
  );
  const verdicts = await db.query<{ slot_id: string; n: number }>(
    `SELECT slot_id, count(*)::int AS n FROM attempts WHERE verdict IS NOT NULL GROUP BY slot_id HAVING count(*) > 1`,
  );
  // Between the first and the last slot of a series there must be one every 20 s: none may be without a record.
  const gaps = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT slot_at - lag(slot_at) OVER (PARTITION BY series_id ORDER BY slot_at) AS step FROM slots WHERE slot_at ` +
      `< $1) t WHERE step <> interval '20 seconds'`,
    [until],
  );
  const begun = new Map<string, Line[]>();
  for (const line of journal) if (line.event === 'begun') begun.set(line.slotId, [...(begun.get(line.slotId) ?? []), line]);
  const count = (matches: (slot: (typeof slots)[number]) => boolean): number => slots.filter(matches).length;
  const missed = [...new Set(slots.flatMap(({ because }) => because ?? []))].map((because) => `${because} ${count((slot) => slot.because === because)}`);
  const sameAttempt = [...begun.values()].filter((lines) => new Set(lines.map(({ attempt }) => attempt)).size < lines.length).length;
  const misplaced = journal.filter(({ location, place }) => location !== place).length;
  const healthyWithoutRun = count(({ id, state }) => state === 'healthy' && !begun.has(id));
  const open = count(({ state }) => state === 'planned' || state === 'running');
  const late = slots.flatMap((slot) => (slot.late === null || slot.attempts > 1 ? [] : [slot.late])).sort((a, b) => a - b);
  const at = (part: number): string => `${(late[Math.floor((late.length - 1) * part)] ?? NaN).toFixed(2)} s`;
  const lines = [
    `slots due                      ${slots.length}`,
    `  with a verdict               ${count(({ state }) => state === 'healthy')}`,
    `  missed, recorded             ${count(({ state }) => state === 'missed')}${missed.length > 0 ? ` (${missed.join(', ')})` : ''}`,
    `  still open                   ${open}`,
    `  run again after a loss       ${count(({ attempts, state }) => attempts > 1 && state === 'healthy')}`,
    `gaps in the record             ${gaps[0]?.n ?? 0}`,
    `slots with two verdicts        ${verdicts.length}`,
    `attempts that two had begun    ${sameAttempt}`,
    `runs at the wrong location     ${misplaced}`,
    `verdicts nobody ran            ${healthyWithoutRun}`,
    `begun late: median ${at(0.5)}, 95 % ${at(0.95)}, at most ${at(1)}`,
  ];
  const ok = open + (gaps[0]?.n ?? 0) + verdicts.length + sameAttempt + misplaced + healthyWithoutRun === 0 && slots.length > 0;
  return { ok, lines: [...lines, ok ? 'Every slot has one verdict or a recorded miss.' : 'FAILED'] };
}
