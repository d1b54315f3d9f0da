import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BrowserChoice } from '../../probes/browser/browser';
import { BrowserPool } from '../../probes/browser/browser-pool';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { loadTargets } from '../../config/targets';
import { runTargets } from '../../runs/run-targets';
import { ensureBrowser } from '../start/ensure-browser';

/**
 * `npm run soak -- 1000`: so many runs in a row in one process against a lab in another; memory, descriptors, processes and temporary files must stay flat.
 * `npm run soak -- 1000 shared`: with browsers that serve again and again, as in `watch`.
 */
const runs = Number(process.argv[2] ?? 200);
const pool = process.argv[3] === 'shared' ? new BrowserPool() : null;
const collect = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

interface Figures {
  readonly heapMb: number;
  readonly rssMb: number;
  /** null where the system does not tell (Windows). */
  readonly descriptors: number | null;
  readonly processes: number | null;
  readonly temporary: number;
  readonly state: number;
}

/** `null` where there is no such command or folder. */
async function figures(out: string, labPid: number): Promise<Figures> {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  // Read with the browser there, as it may hold what belongs to earlier sign-ins; what is left is counted without it.
  await pool?.empty();
  const descriptors = await readdir('/proc/self/fd').then(
    (names) => names.length,
    () => null,
  );
  return {
    heapMb: heapUsed / 1e6,
    rssMb: rss / 1e6,
    descriptors,
    processes: children(labPid),
    temporary: (await readdir(tmpdir())).filter((name) => !/^(signin-probe-lab-|v8-compile-cache)/.test(name)).length,
    state: (await readdir(join(out, 'state'), { recursive: true })).length,
  };
}

/** Processes below this one, without the lab's and the command that counts. */
function children(labPid: number): number | null {
  if (process.platform === 'win32') return null;
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const below = (parent: string): string[] =>
    all.filter(([, ppid]) => ppid === parent).flatMap(([pid = '', , name]) => (pid === String(labPid) || name === 'ps' ? [] : [pid, ...below(pid)]));
  return below(String(process.pid)).length;
}

async function startLabProcess(): Promise<{ child: ChildProcess; config: string }> {
  const child = spawn(process.execPath, [join(__dirname, '..', '..', 'bin', 'signin-probe.js'), 'lab', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return { child, config: (JSON.parse(line) as { config: string }).config };
}

async function signInOnce(config: string, browser: BrowserChoice, out: string, route: 'ifd' | 'internal'): Promise<void> {
  const loaded = loadTargets(config);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ text }) => text).join('\n'));
  const redactor = createRedactor();
  const log = createLog({ level: 'warn', quiet: true, redactor });
  const targets = loaded.targets.filter((target) => target.route === route);
  const { report, folder } = await runTargets({
    targets,
    browser,
    browsers: pool ?? undefined,
    log,
    redactor,
    outFolder: out,
    label: 'soak',
    interactive: false,
    stateFolder: join(out, 'state'),
  });
  log.close();
  await rm(folder, { recursive: true, force: true });
  if (report.verdict !== 'healthy') throw new Error(`${report.verdict}: ${report.results.map(({ summary }) => summary).join('; ')}`);
}

async function soak(): Promise<boolean> {
  const browser = await ensureBrowser(() => undefined);
  const out = await mkdtemp(join(tmpdir(), 'signin-probe-soak-'));
  // A temporary folder of its own: what is in it afterwards is ours.
  const temporary = join(out, 'temp');
  await mkdir(temporary);
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = temporary;
  const { child, config } = await startLabProcess();
  const labEnded = once(child, 'exit');
  try {
    const steps = [...new Set([1, Math.ceil(runs / 10), Math.ceil(runs / 2), runs])].sort((a, b) => a - b);
    const seen: Figures[] = [];
    const startedAt = performance.now();
    console.log('   run      heap MB    RSS MB  descriptors  processes  temp files  files kept   s per run');
    for (let run = 1; run <= runs; run++) {
      await signInOnce(config, browser, out, run % 2 === 0 ? 'ifd' : 'internal');
      if (!steps.includes(run)) continue;
      const now = await figures(out, child.pid ?? 0);
      seen.push(now);
      const { heapMb, rssMb, descriptors, processes, temporary, state } = now;
      const cells = [String(run).padStart(6), heapMb.toFixed(1).padStart(13), rssMb.toFixed(0).padStart(10)];
      cells.push(...[descriptors, processes, temporary, state].map((value, index) => String(value ?? '-').padStart([13, 11, 12, 12][index] ?? 12)));
      console.log(cells.join('') + ((performance.now() - startedAt) / 1000 / run).toFixed(2).padStart(12));
    }
    return flat(seen);
  } finally {
    child.kill('SIGTERM');
    await labEnded;
    await rm(out, { recursive: true, force: true });
  }
}

/** The first run loads everything there is to load: what counts is the way from the second reading to the last. */
function flat(seen: readonly Figures[]): boolean {
  const first = seen[1] ?? seen[0];
  const last = seen.at(-1);
  if (!first || !last) return true;
  const grown = [
    last.heapMb - first.heapMb > 30 ? `heap by ${(last.heapMb - first.heapMb).toFixed(1)} MB` : '',
    (last.descriptors ?? 0) > (first.descriptors ?? 0) + 2 ? 'descriptors' : '',
    (last.processes ?? 0) > 0 ? 'processes left over' : '',
    last.temporary > first.temporary ? 'temporary files' : '',
    last.state > first.state ? 'files kept' : '',
  ].filter(Boolean);
  console.log(grown.length === 0 ? `flat over ${runs} runs` : `NOT FLAT: ${grown.join(', ')}`);
  return grown.length === 0;
}

soak().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(3);
  },
);
