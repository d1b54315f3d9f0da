import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDays, fillHours } from '../../monitor/store/rollups';
import { openStore, type OpenStore } from '../../monitor/store/open-store';
import { noPostgres, startPostgres } from '../../monitor/testing/start-postgres';

/**
 * `npm run store:benchmark [postgres|embedded|both] [days]`: fills a store with 5-minute slots of 50 targets (by SQL), then times every read the web page
 * and the metrics make. A year on Postgres, a month embedded, unless told otherwise.
 */
const limitMs = 300;
const targets = 50;

async function main(): Promise<void> {
  const which = process.argv[2] ?? 'both';
  let slow = 0;
  if (which !== 'embedded') {
    const why = noPostgres();
    if (why) console.log(`Postgres skipped: ${why}.`);
    else {
      const server = await startPostgres();
      try {
        slow += await measure('Postgres', await openStore({ url: server.url }), Number(process.argv[3] ?? 365));
      } finally {
        await server.stop();
      }
    }
  }
  if (which !== 'postgres') {
    const folder = await mkdtemp(join(tmpdir(), 'signin-probe-benchmark-'));
    try {
      slow += await measure('embedded', await openStore({ folder }), Number(process.argv[3] ?? 31));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  process.exitCode = slow === 0 ? 0 : 2;
}

async function measure(name: string, store: OpenStore, days: number): Promise<number> {
  const began = Date.now();
  await fill(store, days);
  const [row] = await store.db.query<{ n: number; size: string }>(
    `SELECT (SELECT count(*)::int FROM slots) AS n, pg_size_pretty(sum(pg_total_relation_size(c.oid))) AS size FROM pg_class c JOIN pg_namespace s ` +
      `ON s.oid = c.relnamespace WHERE s.nspname = 'signin_probe' AND c.relkind = 'r'`,
    [],
  );
  console.log(`\n${name}: ${row?.n.toLocaleString('en')} slots of ${days} days, ${row?.size}, filled in ${Math.round((Date.now() - began) / 1000)} s`);
  const now = Date.now();
  const span = (length: number): { from: string; to: string } => ({ from: new Date(now - length * 86_400_000).toISOString(), to: new Date(now).toISOString() });
  const [one] = await store.slots({ limit: 1 });
  const series = { target: 'target-7', route: 'ifd', location: 'hq' } as const;
  const reads: Readonly<Record<string, () => Promise<unknown>>> = {
    'overview, 90 days': () => store.overview(),
    'time line, 1 day': () => store.timeline('target-7', span(1)),
    'time line, 30 days': () => store.timeline('target-7', span(30)),
    'time line, a year': () => store.timeline('target-7', span(365)),
    'slots, the latest 100': () => store.slots(),
    'slots of a target': () => store.slots({ target: 'target-7' }),
    'slots that were broken': () => store.slots({ states: ['broken'] }),
    'slots of a series, broken': () => store.slots({ ...series, states: ['broken', 'flaky'] }),
    'slots of 200 days ago': () => store.slots({ before: new Date(now - Math.min(200, days / 2) * 86_400_000).toISOString() }),
    'one slot': () => store.slot(one?.id ?? ''),
    certificates: () => store.certificates(),
    alerts: () => store.alerts(),
    windows: () => store.windows(span(90)),
    queues: () => store.queues(),
    runners: () => store.runners(),
    'ended in the last hour': () => store.endedSince(new Date(now - 3_600_000).toISOString()),
    'not evaluated yet': () => store.unevaluated(),
    'latest of a series': () => store.latest(series, 10),
  };
  let slow = 0;
  for (const [what, read] of Object.entries(reads)) {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const start = performance.now();
      await read();
      times.push(performance.now() - start);
    }
    const [median, worst] = [times.toSorted((a, b) => a - b)[2] ?? NaN, Math.max(...times)];
    if (worst > limitMs) slow += 1;
    console.log(
      `  ${what.padEnd(28)} ${median.toFixed(0).padStart(5)} ms   first ${(times[0] ?? NaN).toFixed(0).padStart(5)} ms   worst ` +
        `${worst.toFixed(0).padStart(5)} ms${worst > limitMs ? '   TOO SLOW' : ''}`,
    );
  }
  await store.close();
  return slow;
}

/** A slot every five minutes for each target; some are not healthy, each target has a bad day a month. */
async function fill({ db }: OpenStore, days: number): Promise<void> {
  // Months at once take longer than any query of the page may.
  const run = (text: string, values: readonly unknown[] = []): Promise<unknown> =>
    db.transaction(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0', []);
      return tx.query(text, values);
    });
  await run(
    `INSERT INTO series (target, route, location, sts, verdict, since, last_slot_at, summary) SELECT 'target-' || n, 'ifd', 'hq', \
'https://sts' || n % 5 || '.contoso.test', 'healthy', now() - interval '3 days', now(), 'healthy'
     FROM generate_series(1, $1) n`,
    [targets],
  );
  for (let day = days; day > 0; day -= 30) {
    const to = Math.max(0, day - 30);
    await run(
      `INSERT INTO slots (id, series_id, slot_at, start_before, origin, state, missed_because, why, cause, cause_title, started_at, finished_at, total_ms, \
attempts, run_id, evaluated)
       SELECT gen_random_uuid(), r.id, t, t + interval '5 minutes', 'schedule', k.state, CASE k.state WHEN 'missed' THEN 'overloaded' END, 'as generated',
         CASE WHEN k.state IN ('broken', 'flaky') THEN 'adfs-signing-cert-rolled' END, CASE WHEN k.state IN ('broken', 'flaky') THEN 'AD FS signing \
certificate rolled over' END,
         t + interval '0.3 seconds', t + interval '2 seconds', 900 + (random() * 900)::int, CASE k.state WHEN 'missed' THEN 0 ELSE 1 END, to_char(t, \
'YYYYMMDD"T"HH24MISS"Z-"') || r.id, true
       FROM series r, generate_series(date_trunc('minute', now()) - $1 * interval '1 day', date_trunc('minute', now()) - $2 * interval '1 day' - interval '5 \
minutes', interval '5 minutes') t,
         LATERAL (SELECT CASE WHEN (extract(day FROM t)::int + r.id) % 30 = 0 AND extract(hour FROM t) BETWEEN 8 AND 10 THEN 'broken' WHEN random() < 0.003 \
THEN 'flaky' WHEN random() < 0.003 THEN 'missed' ELSE 'healthy' END AS state) k`,
      [day, to],
    );
  }
  await run(
    `INSERT INTO attempts (slot_id, n, reason, runner, started_at, finished_at, verdict, cause, summary, symptom, total_ms, dns_ms, tls_ms, sts_ms, \
token_post_ms, crm_page_ms, run_id)
     SELECT id, 1, 'first', 'watch', started_at, finished_at, CASE state WHEN 'flaky' THEN 'broken' ELSE state END, cause, why, 'none', total_ms, 3, 30, 300, \
80, 400, run_id FROM slots WHERE attempts = 1`,
    [],
  );
  await run(fillHours('true'));
  await run(fillDays('true'));
  await run(
    `INSERT INTO certificates SELECT r.id, k.role, k.role || '.contoso.test', md5(r.id || k.role || g), 'sha256', 'CN=' || k.role, now() - interval '1 year', \
now() + g * interval '90 days', true, r.sts, now() - interval '300 days', now(), g = 4
     FROM series r, unnest(ARRAY['sts-signing', 'sts-encryption', 'crm-encryption', 'tls']) AS k (role), generate_series(1, 4) g`,
    [],
  );
  await run(
    `INSERT INTO alerts (id, key, kind, state, severity, title, members, opened_at, changed_at, recovered_at) SELECT gen_random_uuid(), 'k' || n, 'verdict', \
'recovered', 'critical', 'Sign-in is broken',
     jsonb_build_array(jsonb_build_object('target', 'target-' || n % 50 + 1, 'route', 'ifd', 'location', 'hq', 'since', '2026-01-01T00:00:00.000Z', 'runId', \
NULL)), now() - n * interval '8 hours', now(), now() - n * interval '8 hours' + interval '2 hours' FROM generate_series(1, 1000) n`,
    [],
  );
  await db.query('ANALYZE');
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
