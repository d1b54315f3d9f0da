import { open, readFile, writeFile } from 'node:fs/promises';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { noPowerCuts, powerCutDisk, type PowerCutDisk } from '../testing/power-cut-disk';
import type { Acknowledged, StoreFindings } from '../testing/store-worker';

/** `SIGNIN_PROBE_POWER_CUTS=20`: more often, at more kinds of moments, and with every page and index read each time. */
const cuts = Number(process.env.SIGNIN_PROBE_POWER_CUTS ?? 2);
const long = cuts > 2;
const worker = [join('node_modules', 'ts-node', 'register'), join('monitor', 'testing', 'store-worker.ts')] as const;
const cwd = join(__dirname, '..', '..');

test.skip(noPowerCuts() !== null, noPowerCuts() ?? '');
test.describe.configure({ mode: 'serial' });

let disk: PowerCutDisk | null = null;
let writer: ChildProcess | null = null;
test.beforeEach(async () => {
  // In a container, root may still not be allowed to mount.
  disk = await powerCutDisk().catch((error: Error) => {
    test.skip(true, `no disk can be mounted here: ${error.message.split('\n')[0]}`);
    return null;
  });
});
test.afterEach(async () => {
  await killed();
  await disk?.close();
});

async function killed(): Promise<void> {
  if (writer?.exitCode === null && writer.signalCode === null) {
    const exit = once(writer, 'exit');
    writer.kill('SIGKILL');
    await exit;
  }
  writer = null;
}

interface Cut {
  readonly acknowledged: readonly Acknowledged[];
  readonly findings: StoreFindings;
}

/** Starts a writer on the disk, cuts the power `afterMs` after the first word of this kind (null = after the start), and reads the store once it is back. */
async function cutPower(
  on: PowerCutDisk,
  first: Acknowledged['kind'] | null,
  afterMs: number,
  { env = {}, deep = false }: { readonly env?: NodeJS.ProcessEnv; readonly deep?: boolean } = {},
): Promise<Cut> {
  const child = spawn(process.execPath, ['-r', `./${worker[0]}`, worker[1], 'write', on.folder], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  writer = child;
  const said: Acknowledged[] = [];
  let problem = '';
  child.stderr.on('data', (part: Buffer) => (problem += part.toString()));
  const begun = new Promise<void>((resolve, reject) => {
    if (first === null) resolve();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const word = JSON.parse(line) as Acknowledged;
      said.push(word);
      if (word.kind === first) resolve();
    });
    child.once('exit', () => reject(new Error(`the writer ended: ${problem}`)));
  });
  await begun;
  await pause(afterMs);
  let acknowledged: readonly Acknowledged[] = [];
  await on.cut(() => (acknowledged = [...said]));
  await killed();
  await on.comeBack();
  const { stdout } = await promisify(execFile)(process.execPath, ['-r', `./${worker[0]}`, worker[1], deep ? 'check-deep' : 'check', on.folder], {
    cwd,
    maxBuffer: 1e9,
    timeout: 90_000,
  });
  return { acknowledged, findings: JSON.parse(stdout) as StoreFindings };
}

/** What was acknowledged and is not there. */
function lost({ acknowledged, findings: { slots } }: Cut): string[] {
  const finished = new Set(acknowledged.flatMap((word) => (word.kind === 'finished' ? word.id : [])));
  return acknowledged.flatMap((word) => {
    if (word.kind === 'open') return [];
    if (word.kind === 'planned') return word.ids.filter((id) => !slots[id]).map((id) => `${id} was planned, and is not there`);
    const slot = slots[word.id];
    if (word.kind === 'finished')
      return slot?.state === word.verdict && slot.reportSha1 === word.reportSha1 ? [] : [`${word.id} was ${word.verdict}, and is ${JSON.stringify(slot)}`];
    if (finished.has(word.id)) return [];
    // In flight: run again and said so, too late for that and said so, or ended in the very moment.
    const recorded =
      slot?.state !== 'running' ? slot?.reportSha1 != null : slot.interrupted && (slot.end === 'missed' || (slot.end === 'healthy' && slot.attempts === 2));
    return recorded ? [] : [`${word.id} was in flight, and is ${JSON.stringify(slot)}`];
  });
}

const count = (words: readonly Acknowledged[], kind: Acknowledged['kind']): number => words.filter((word) => word.kind === kind).length;

test('a disk that lost its power holds what was synced, and not what was only written', async () => {
  if (!disk) throw new Error('no disk');
  const synced = await open(join(disk.folder, 'synced'), 'w');
  await synced.writeFile('synced');
  await synced.sync();
  await synced.writeFile(', written');
  await synced.close();
  await writeFile(join(disk.folder, 'written'), 'written');
  await disk.cut();
  await disk.comeBack();
  expect(await readFile(join(disk.folder, 'synced'), 'utf8')).toBe('synced');
  expect(await readFile(join(disk.folder, 'written'), 'utf8').catch(() => '')).toBe('');
});

test('power cuts cost nothing that the store has acknowledged; what was in flight comes back as attempt 2 or is missed', async () => {
  test.setTimeout(60_000 + cuts * 60_000);
  if (!disk) throw new Error('no disk');
  for (let n = 0; n < cuts; n += 1) {
    // Every fifth on a new store, half of those while it is being made; of the others, some while the store is opened again after the cut before.
    const made = n % 5 === 0;
    const early = n % 10 === 5 || n % 5 === 3;
    const first = early ? null : 'finished';
    const afterMs = Math.random() * (early ? 4_000 : made ? 100 : 2_000);
    if (made && n > 0) {
      await disk.close();
      disk = await powerCutDisk();
    }
    const cut = await cutPower(disk, first, afterMs, { deep: long || n === cuts - 1 });
    const { slots, openMs } = cut.findings;
    const inFlight = Object.values(slots).filter(({ state }) => state === 'running');
    console.log(
      `cut ${n + 1}: ${Math.round(afterMs)} ms after ${first ?? 'start'}; acknowledged: ` +
        `${count(cut.acknowledged, 'finished')} ended, ${count(cut.acknowledged, 'claimed')} begun; ` +
        `found ${Object.keys(slots).length} slots, ${inFlight.length} in flight (${inFlight.filter(({ end }) => end !== 'missed').length} ` +
        `run again), opened in ${openMs} ms`,
    );
    expect({ lost: lost(cut), corrupt: cut.findings.corrupt }).toEqual({ lost: [], corrupt: [] });
  }
});

test('without syncs the same cut does cost slots that were acknowledged', async () => {
  test.skip(!long, 'only with SIGNIN_PROBE_POWER_CUTS=3 and more: it tests the test above');
  test.setTimeout(180_000);
  if (!disk) throw new Error('no disk');
  const cut = await cutPower(disk, 'finished', 1_000, { env: { STORE_WORKER_NO_SYNC: '1' } }).then(lost, (error: Error) => [error.message]);
  console.log(`without syncs: ${cut.length} lost, ${cut[0]}`);
  expect(cut).not.toEqual([]);
});
