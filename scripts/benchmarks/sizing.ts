import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startLab } from '../../lab/start-lab';
import { findBrowser } from '../../probes/browser/browser';
import { type BrowserLender, BrowserPool, freshBrowsers } from '../../probes/browser/browser-pool';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { loadTargets } from '../../config/targets';
import { runTargets } from '../../runs/run-targets';

/**
 * `npm run sizing [sign-ins]`: sign-ins per minute, CPU seconds and MB of browser per sign-in for 1, 2, 4, 8 at once, against the lab. Linux only.
 * Once with a fresh browser for each sign-in and once with browsers shared as `watch` does. Each has a state folder of its own, so that one account may sign in
 * several times at once here. The lab runs in this process: its CPU counts too.
 */
const signIns = Number(process.argv[2] ?? 16);

async function sizing(): Promise<void> {
  if (process.platform !== 'linux') return console.log('Skipped: the figures are read from /proc, which is on Linux only.');
  const lab = await startLab();
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-sizing-'));
  const search = await findBrowser({ configured: null });
  const loaded = loadTargets(lab.config);
  const target = loaded.ok ? loaded.targets.find(({ route }) => route === 'ifd') : undefined;
  if (!search.ok || !target) throw new Error('no browser, or no target');
  const one = async (worker: number, browsers: BrowserLender): Promise<void> => {
    const redactor = createRedactor();
    const log = createLog({ level: 'error', quiet: true, redactor });
    await runTargets({
      targets: [target],
      browser: search.choice,
      browsers,
      outFolder: join(folder, 'out'),
      label: null,
      log,
      redactor,
      interactive: false,
      stateFolder: join(folder, `${worker}`),
    });
  };
  await one(0, freshBrowsers);
  console.log(
    `${availableParallelism()} cores, ${search.choice.name} ${search.choice.version}, ${signIns} sign-ins each; ` +
      `load of the machine before ${(await loadNow()).toFixed(1)}`,
  );
  console.log('browsers  at once  per minute  CPU-s per sign-in  MB of browser at most');
  const wanted = [false, true].flatMap((shared) => [1, 2, 4, 8].map((atOnce) => ({ shared, atOnce })));
  for (const { shared, atOnce } of wanted) {
    const pool = new BrowserPool();
    let left = signIns;
    const measured = { peakMb: 0, on: true };
    const watching = watchMemory(measured);
    const [began, cpu] = [Date.now(), await cpuSeconds()];
    await Promise.all(
      Array.from({ length: atOnce }, async (_, worker) => {
        while (left > 0) {
          left -= 1;
          await one(worker, shared ? pool : freshBrowsers);
        }
      }),
    );
    const minutes = (Date.now() - began) / 60_000;
    measured.on = false;
    await watching;
    await pool.close();
    console.log(
      `${(shared ? 'shared' : 'fresh').padEnd(8)}${String(atOnce).padStart(9)}${(signIns / minutes).toFixed(1).padStart(12)}` +
        `${(((await cpuSeconds()) - cpu) / signIns).toFixed(2).padStart(19)}${String(Math.round(measured.peakMb)).padStart(23)}`,
    );
  }
  await lab.close();
  await rm(folder, { recursive: true, force: true });
}

/** Of this process and all it started and waited for. */
async function cpuSeconds(): Promise<number> {
  const fields = (await readFile('/proc/self/stat', 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / 100;
}

const loadNow = async (): Promise<number> => Number((await readFile('/proc/loadavg', 'utf8')).split(' ')[0]);

/** Proportional set size of everything this process started: pages that several processes share count once. */
async function watchMemory(measured: { peakMb: number; on: boolean }): Promise<void> {
  while (measured.on) {
    let kb = 0;
    for (const pid of await descendants(process.pid))
      kb += Number(/^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''))?.[1] ?? 0);
    measured.peakMb = Math.max(measured.peakMb, kb / 1024);
    await pause(100);
  }
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc'))
    if (/^\d+$/.test(name)) {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    }
  const below = (pid: number): number[] => [...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(root);
}

void sizing().catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
