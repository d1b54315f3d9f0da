import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What one process and all that it started took of the machine. */
export interface Measured {
  /** User and system, of the whole tree, by the kernel's own account. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Most resident memory of the process itself, and of the largest of the tree. */
  readonly ownMiB: number;
  readonly largestMiB: number;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Account {
  readonly folder: string;
  /** CPU seconds so far. */
  readonly read: () => number;
}

/**
 * A control group of its own: the kernel counts what its processes take, also of those nobody waits for (cgroup v1 cpuacct.usage in ns, v2 cpu.stat usage_usec;
 * https://docs.kernel.org/admin-guide/cgroup-v2.html). null where none can be made.
 */
function openAccount(name: string): Account | null {
  const places: readonly (readonly [string, string, (text: string) => number])[] = [
    ['/sys/fs/cgroup/cpuacct', 'cpuacct.usage', (text) => Number(text) / 1e9],
    ['/sys/fs/cgroup', 'cpu.stat', (text) => Number(/usage_usec (\d+)/.exec(text)?.[1]) / 1e6],
  ];
  for (const [parent, file, seconds] of places)
    try {
      const folder = join(parent, name);
      mkdirSync(folder);
      readFileSync(join(folder, file));
      return { folder, read: () => seconds(readFileSync(join(folder, file), 'utf8')) };
    } catch {
      // not this kind of groups, or not ours to make
    }
  return null;
}

async function closeAccount({ folder }: Account): Promise<void> {
  for (let times = 0; times < 50; times++)
    try {
      return rmdirSync(folder);
    } catch {
      await pause(50); // its last process is still leaving
    }
}

/** By which the CPU is counted here. */
export function accounting(): 'control group' | 'waited for' {
  const account = openAccount(`signin-probe-try-${process.pid}`);
  if (account) rmdirSync(account.folder);
  return account ? 'control group' : 'waited for';
}

let made = 0;

/** Runs a command to its end, and measures it. Without control groups, what processes took that nobody waited for is missing. Linux only. */
export async function measured(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Measured> {
  const account = openAccount(`signin-probe-benchmark-${process.pid}-${(made += 1)}`);
  const before = waitedFor();
  const began = performance.now();
  // The shell enters the group, and becomes the command.
  const entering = account ? `echo $$ > '${account.folder}/cgroup.procs'; exec "$@"` : 'exec "$@"';
  const child = spawn('/bin/sh', ['-c', entering, 'sh', command, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const memory = watchMemory(child.pid ?? 0);
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const wallSeconds = (performance.now() - began) / 1000;
  const { ownMiB, largestMiB } = memory();
  if (account) await emptied(account);
  const cpuSeconds = account ? account.read() : waitedFor() - before;
  if (account) await closeAccount(account);
  return { cpuSeconds, wallSeconds, ownMiB, largestMiB, exitCode, stdout, stderr };
}

/** A browser's last processes end a little after it. */
async function emptied({ folder }: Account): Promise<void> {
  for (let times = 0; times < 50 && readFileSync(join(folder, 'cgroup.procs'), 'utf8') !== ''; times++) await pause(20);
}

/** CPU seconds of the children of this process that have ended (proc_pid_stat(5)). */
function waitedFor(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** Looks again and again at what each process of the tree had at most; the function ends it. */
function watchMemory(root: number): () => { readonly ownMiB: number; readonly largestMiB: number } {
  const peaks = new Map<number, number>();
  const timer = setInterval(() => {
    for (const pid of treeBelow(root)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakMiB(pid)));
  }, 30);
  return () => {
    clearInterval(timer);
    return { ownMiB: peaks.get(root) ?? 0, largestMiB: Math.max(0, ...peaks.values()) };
  };
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
};

const peakMiB = (pid: number): number => Number(/^VmHWM:\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;

function treeBelow(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const stat = textOf(`/proc/${name}/stat`);
      return [Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const;
    });
  const below = (pid: number): number[] => [pid, ...parents.filter(([, parent]) => parent === pid).flatMap(([child]) => below(child))];
  return below(root);
}
