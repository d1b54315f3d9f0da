import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../contracts/report';
import { browserCandidates } from '../../probes/browser/browser';
import { type LabProcess, startLabProcess } from './lab-process';
import { accounting, type Measured, measured } from './measured-process';

/**
 * `npm run benchmark [-- pairs]`: what the compiled program costs beside a bare Playwright script with the same browser (scripts/benchmarks/bare), as whole
 * processes, in turn, with the lab in a process of its own. Prints each ratio with the most it may be, and exits 1 when one is missed.
 * `--short`: one route, three pairs, for CI.
 * SYNTHETICS=folder where @elastic/synthetics is installed: it is measured, too. Linux only.
 */
const short = process.argv.includes('--short');
const pairs = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? (short ? 3 : 7));
const furtherSignIns = 6;
/** Guards what was reached; wanted is 1.8 (docs/performance.md). */
const shortMost = 3;
const faces = ['errorhandler', '401', '500', 'sts-loop', 'sts-prompt'] as const;
const root = join(__dirname, '..', '..');
const bare = join(__dirname, 'bare');

type Route = 'ifd' | 'internal';

interface Row {
  readonly what: string;
  readonly found: string;
  readonly value: number;
  /** The most it may be; null = only told. */
  readonly must: number | null;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const medianOf = (all: readonly Measured[], key: 'cpuSeconds' | 'wallSeconds' | 'ownMiB' | 'largestMiB'): number => median(all.map((each) => each[key]));

/** Everything the measurements need, made once. */
class Bench {
  private runs = 0;

  private constructor(
    readonly lab: LabProcess,
    readonly folder: string,
    private readonly browser: string,
  ) {}

  static async open(): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'signin-probe-benchmark-'));
    const built = await measured(process.execPath, [join(root, 'scripts', 'packaging', 'build.js')]);
    if (built.exitCode !== 0) throw new Error(`the build failed: ${built.stderr}`);
    // As installed: the command runs compiled code where there are no sources beside it.
    for (const name of ['bin', 'dist', 'package.json', 'signin-probe.schema.json'])
      await cp(join(root, name), join(folder, 'installed', name), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'installed', 'node_modules'));
    const search = browserCandidates(null);
    const installed = search.ok ? search.candidates.flatMap((each) => ('executablePath' in each ? (each.executablePath ?? []) : [])) : [];
    const [path] = installed;
    if (!path) throw new Error('no browser of the system was found');
    return new Bench(await startLabProcess(), folder, path);
  }

  async close(): Promise<void> {
    await this.lab.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The compiled program. `expected`: its exit code. */
  async product(args: readonly string[], expected: number | null = 0): Promise<Measured> {
    // What one run leaves of an account's state is not to slow down another.
    const env = { SIGNIN_PROBE_STATE: join(this.folder, 'state', `${(this.runs += 1)}`) };
    const result = await measured(process.execPath, [join(this.folder, 'installed', 'bin', 'signin-probe.js'), ...args], env);
    if (expected !== null && result.exitCode !== expected) throw new Error(`signin-probe ${args.join(' ')}: exit code ${result.exitCode}\n${result.stderr}`);
    return result;
  }

  run(args: readonly string[] = [], expected: number | null = 0): Promise<Measured> {
    return this.product(['run', '--quiet', '--config', this.lab.config, '--out', join(this.folder, 'out'), ...args], expected);
  }

  /** Another program that signs in once, or `further` times more. */
  async other(args: readonly string[], route: Route, further = 0): Promise<Measured> {
    const { user, password } = this.lab.account;
    const told = { URL: this.lab.urls[route], ROUTE: route, ACCOUNT: user, PASSWORD: password, BROWSER: this.browser, FURTHER: `${further}` };
    const result = await measured(process.execPath, args, { ...told, RESULTS: join(this.folder, 'results') });
    if (result.exitCode !== 0) throw new Error(`${args.join(' ')}: exit code ${result.exitCode}\n${result.stdout}\n${result.stderr}`);
    return result;
  }

  bareScript(route: Route, further = 0): Promise<Measured> {
    return this.other([join(bare, 'sign-in.js')], route, further);
  }

  /** Sign-ins in a browser that is kept, in a process of their own. */
  kept(times: number): Promise<Measured> {
    const sources = join(root, 'scripts', 'start', 'run-sources.js');
    return measured(process.execPath, ['-r', sources, join(__dirname, 'kept-browser.ts'), this.lab.config, 'ifd', `${times}`]);
  }
}

/** Both in turn, so that a busy machine slows both alike; the ratio is the median of the pairs'. */
async function inTurn(times: number, one: () => Promise<Measured>, other: () => Promise<Measured>): Promise<{ one: Measured[]; other: Measured[] }> {
  const found: { one: Measured[]; other: Measured[] } = { one: [], other: [] };
  await one(); // files come into memory, and V8's compiled code into its cache
  await other();
  for (let time = 0; time < times; time++) {
    found.one.push(await one());
    found.other.push(await other());
  }
  return found;
}

const ratio = (found: { one: readonly Measured[]; other: readonly Measured[] }, key: 'cpuSeconds' | 'wallSeconds', times = 1): number =>
  median(found.one.map((each, index) => each[key] / ((found.other[index]?.[key] ?? NaN) * times)));

function ratioRows(what: string, found: { one: readonly Measured[]; other: readonly Measured[] }, must: number): Row[] {
  return (['cpuSeconds', 'wallSeconds'] as const).map((key) => ({
    what: `${what}, ${key === 'cpuSeconds' ? 'CPU' : 'wall'}`,
    found: `${medianOf(found.one, key).toFixed(2)} s against ${medianOf(found.other, key).toFixed(2)} s`,
    value: ratio(found, key),
    must,
  }));
}

/** One route against the bare script: ratios and memory. */
async function oneRoute(bench: Bench, route: Route, must: number): Promise<Row[]> {
  const found = await inTurn(
    pairs,
    () => bench.run(['--route', route]),
    () => bench.bareScript(route),
  );
  const own = medianOf(found.one, 'ownMiB');
  return [
    ...ratioRows(`healthy run, ${route}`, found, must),
    {
      what: `memory of the Node process, ${route}, MiB`,
      found: `bare ${medianOf(found.other, 'ownMiB').toFixed(0)}; largest process ${medianOf(found.one, 'largestMiB').toFixed(0)}`,
      value: own,
      must: 150,
    },
  ];
}

async function bothRoutes(bench: Bench): Promise<Row[]> {
  const found = await inTurn(
    pairs,
    () => bench.run(),
    async () => {
      const [ifd, internal] = [await bench.bareScript('ifd'), await bench.bareScript('internal')];
      return { ...ifd, cpuSeconds: ifd.cpuSeconds + internal.cpuSeconds, wallSeconds: ifd.wallSeconds + internal.wallSeconds };
    },
  );
  return ratioRows('both routes in one run, two bare scripts', found, 1.2);
}

/** What each further sign-in takes: the difference between many and one. */
async function furtherOnes(bench: Bench): Promise<Row[]> {
  const values: number[] = [];
  const [ours, theirs]: number[][] = [[], []];
  for (let time = 0; time < Math.min(pairs, 3); time++) {
    const our = ((await bench.kept(1 + furtherSignIns)).cpuSeconds - (await bench.kept(1)).cpuSeconds) / furtherSignIns;
    const their = ((await bench.bareScript('ifd', furtherSignIns)).cpuSeconds - (await bench.bareScript('ifd')).cpuSeconds) / furtherSignIns;
    ours?.push(our);
    theirs?.push(their);
    values.push(our / their);
  }
  const found = `${median(ours ?? []).toFixed(2)} s against ${median(theirs ?? []).toFixed(2)} s`;
  return [{ what: 'further sign-in in a kept browser, CPU', found, value: median(values), must: 1.5 }];
}

/** How long it takes until a refusal is told, against the healthy sign-in's time. */
async function refusals(bench: Bench): Promise<Row[]> {
  const times = new Map<string, number[]>();
  const note = async (name: string, expected: number | null): Promise<void> => {
    const { stdout } = await bench.run(['--json'], expected);
    for (const { route, timings } of (JSON.parse(stdout) as Report).results)
      times.set(`${name} ${route}`, [...(times.get(`${name} ${route}`) ?? []), timings.totalMs]);
  };
  for (let round = 0; round < Math.min(pairs, 3); round++) {
    await bench.lab.post('/fault', { ids: [] });
    await note('healthy', 0);
    await bench.lab.post('/rollover', { phase: 'promote' });
    for (const face of faces) {
      await bench.lab.post('/face', { face });
      await note(face, 2);
    }
  }
  await bench.lab.post('/fault', { ids: [] });
  const of = (name: string, route: Route): number => median(times.get(`${name} ${route}`) ?? []);
  return faces.flatMap((face) =>
    (['internal', 'ifd'] as const).map((route) => ({
      what: `broken told against healthy, ${face}, ${route}`,
      found: `${of(face, route)} ms against ${of('healthy', route)} ms`,
      value: of(face, route) / of('healthy', route),
      must: 1,
    })),
  );
}

/** Commands that start no browser: their process against one that does nothing. */
async function shortCommands(bench: Bench): Promise<Row[]> {
  const out = join(bench.folder, 'short');
  await bench.product(['run', '--quiet', '--config', bench.lab.config, '--out', out, '--route', 'ifd']);
  const { stdout } = await measured('/bin/sh', ['-c', `ls -d '${out}'/*/`]);
  const run = stdout.trim().split('\n').at(-1) ?? '';
  const metadata = join(bench.folder, 'metadata.xml');
  const asked = await measured('/usr/bin/env', ['curl', '-sk', `${bench.lab.urls.sts}/FederationMetadata/2007-06/FederationMetadata.xml`]);
  await writeFile(metadata, asked.stdout === '' ? '<EntityDescriptor/>' : asked.stdout);
  const commands: readonly (readonly [string, readonly string[], number])[] = [
    ['--help', ['--help'], 0.15],
    ['diagnose', ['diagnose', run, '--out', join(bench.folder, 'judged'), '--quiet'], 0.3],
    ['inspect', ['inspect', metadata, '--quiet'], 0.3],
    ['forecast', ['forecast', '--config', bench.lab.config, '--quiet'], 0.3],
  ];
  const rows: Row[] = [];
  for (const [name, args, must] of commands) {
    const found = await inTurn(
      pairs,
      () => bench.product(args, null),
      () => measured(process.execPath, ['-e', '0']),
    );
    const [value, nothing] = [medianOf(found.one, 'cpuSeconds'), medianOf(found.other, 'cpuSeconds')];
    rows.push({
      what: `${name}, seconds of CPU`,
      found: `node -e 0 ${nothing.toFixed(2)} s; wall ${medianOf(found.one, 'wallSeconds').toFixed(2)} s`,
      value,
      must,
    });
  }
  return [...rows, ...(await largeHar(bench, run))];
}

/** A recording of 50 MB, made of the run's own: its entries again and again. */
async function largeHar(bench: Bench, run: string): Promise<Row[]> {
  const small = JSON.parse(await readFile(join(run, 'exchange.har'), 'utf8')) as { log: { entries: object[] } };
  const one = JSON.stringify(small.log.entries).length;
  const entries = Array.from({ length: Math.ceil(50e6 / one) }, () => small.log.entries).flat();
  const large = join(bench.folder, 'large.har');
  await writeFile(large, JSON.stringify({ ...small, log: { ...small.log, entries } }));
  const { wallSeconds, cpuSeconds } = await bench.product(['diagnose', large, '--out', join(bench.folder, 'judged'), '--quiet'], null);
  await rm(large);
  return [{ what: 'diagnose a HAR of 50 MB, seconds', found: `${cpuSeconds.toFixed(2)} s of CPU`, value: wallSeconds, must: 2 }];
}

/** How long the files of a run folder take, by the run's own time line. */
async function writing(bench: Bench): Promise<Row[]> {
  const times: number[] = [];
  for (let time = 0; time < pairs; time++) {
    const { stderr } = await bench.run(['--route', 'ifd', '--timing']);
    times.push(Number(/\+(\d+) +\d+ ms +the run folder was written/.exec(stderr)?.[1]));
  }
  return [{ what: "a run folder's report written, ms", found: '', value: median(times), must: 100 }];
}

async function peers(bench: Bench): Promise<Row[]> {
  const { SYNTHETICS: folder } = process.env;
  const playwrightTest = [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '-c', join(bare, 'playwright.config.js')];
  const all: [string, readonly string[]][] = [['@playwright/test', playwrightTest]];
  if (folder) {
    const cli = join(folder, 'node_modules', '@elastic', 'synthetics', 'dist', 'cli.js');
    if (!existsSync(cli)) throw new Error(`SYNTHETICS: expected @elastic/synthetics in ${folder}`);
    // In a folder of its own: it takes every journey it finds.
    const journeys = join(bench.folder, 'journeys');
    await mkdir(journeys, { recursive: true });
    await cp(join(bare, 'sign-in.journey.js'), join(journeys, 'sign-in.journey.js'));
    all.push(['@elastic/synthetics', [cli, journeys, '--config', join(bare, 'synthetics.config.js'), '--no-throttling']]);
  }
  const rows: Row[] = [];
  for (const [name, args] of all) {
    const found = await inTurn(
      Math.min(pairs, 3),
      () => bench.other(args, 'ifd'),
      () => bench.bareScript('ifd'),
    );
    rows.push(...ratioRows(`for comparison: ${name}, ifd`, found, Infinity).map((row) => ({ ...row, must: null })));
  }
  return rows;
}

async function benchmark(): Promise<number> {
  if (process.platform !== 'linux') {
    console.log('Skipped: the kernel’s account of a process tree is read as Linux gives it.');
    return 0;
  }
  const [load = NaN] = loadavg();
  console.log(`${availableParallelism()} cores (${cpus()[0]?.model ?? ''}), Node.js ${process.versions.node}, load of the machine before ${load.toFixed(1)}`);
  console.log(`CPU by ${accounting()}; ${pairs} pairs, in turn; medians\n`);
  const bench = await Bench.open();
  let missed = 0;
  const tell = (rows: readonly Row[]): void => {
    for (const { what, found, value, must } of rows) {
      const late = must !== null && !(value <= must);
      missed += late ? 1 : 0;
      const most = must === null ? '' : `must ≤ ${must}${late ? '  MISSED' : ''}`;
      console.log(`${what.padEnd(52)}${value.toFixed(2).padStart(8)}   ${most.padEnd(20)} ${found}`);
    }
  };
  try {
    if (short) tell((await oneRoute(bench, 'ifd', shortMost)).filter(({ what }) => what.endsWith('CPU')));
    else
      for (const part of [
        () => oneRoute(bench, 'ifd', 1.5),
        () => oneRoute(bench, 'internal', 1.5),
        () => bothRoutes(bench),
        () => furtherOnes(bench),
        () => shortCommands(bench),
        () => writing(bench),
        () => refusals(bench),
        () => peers(bench),
      ])
        tell(await part());
  } finally {
    await bench.close();
  }
  console.log(missed === 0 ? '\nEverything is within what it must be.' : `\n${missed} missed.`);
  return missed === 0 ? 0 : 1;
}

benchmark()
  .then((code) => (process.exitCode = code))
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 3;
  });
