/** Tells a browser that hangs from a server that does not answer, and ends such a browser. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright';
import { ProbeFault } from '../../contracts/probe-fault';
import { within } from '../../system/within';

const answerWithinMs = 2_000;
const lookForMs = 500;
/** A script that never ends takes all of this time, a page that hangs none. */
const restingSeconds = 0.05;

/**
 * Why nothing can be said of the server, as the rest of a sentence, or null when the browser is at work. Asked when nothing came any more:
 * it takes some seconds where something hangs. `page`: null where a server still owes it a document, as it may wait for that. Times and ids of processes:
 * Chrome DevTools Protocol, SystemInfo.getProcessInfo (https://chromedevtools.github.io/devtools-protocol/tot/SystemInfo/); states:
 * proc_pid_stat(5), on Linux only.
 */
export async function whatHangs(page: Page | null, browser: CDPSession): Promise<string | null> {
  const processes = (): Promise<readonly ProcessInfo[] | null> =>
    within(
      browser.send('SystemInfo.getProcessInfo').then(({ processInfo }) => processInfo),
      answerWithinMs,
      null,
    );
  const first = await processes();
  if (!first) return 'the browser no longer answers';
  if ((await Promise.all(first.map(isStopped))).includes(true)) return 'a process of the browser was stopped';
  if (!page) return null;
  // A refusal is an answer, too: the document is being replaced.
  const answers = page.evaluate(() => true).catch(() => true);
  if (await within(answers, answerWithinMs, false)) return null;
  await pause(lookForMs);
  const second = await processes();
  if (!second) return 'the browser no longer answers';
  return worked(second) - worked(first) > restingSeconds ? null : 'the page does not answer and does no work: the browser hangs, or a script waits in it';
}

/** The browser of a sign-in went away or hangs, outside what the journey itself watches: that sign-in cannot be judged, others can. */
export class BrowserLost extends ProbeFault {}

/** What to do about a browser that hangs, as the end of a sentence. */
export const afterHang = 'Try again; if it stays so, look at the load and memory of this machine.';

const lookEveryMs = 3_000;

/**
 * What comes of work in which the browser takes part. Throws BrowserLost once the browser was found hanging twice in a row, or failed at the work, or took
 * longer than that; `kill` ends it then. `during`: what was being done, as in "The probe could not go on …".
 */
export async function whileItAnswers<T>(
  work: Promise<T>,
  browser: CDPSession,
  { during, withinMs, kill }: { during: string; withinMs: number; kill: () => void },
): Promise<T> {
  const lost = (what: string): BrowserLost => {
    kill();
    return new BrowserLost(`The probe could not go on ${during}: ${what}. ${afterHang}`);
  };
  let found: { readonly done: T } | null = null;
  const ended = work.then(
    (done) => void (found = { done }),
    (error: unknown) => {
      throw error instanceof ProbeFault
        ? error
        : lost(`the browser failed at it (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`);
    },
  );
  ended.catch(() => undefined); // heard of below, unless the browser was given up before
  const until = performance.now() + withinMs;
  for (let hung = 0; ;) {
    await inAtMost(ended, lookEveryMs);
    if (found) return (found as { readonly done: T }).done;
    const what = await whatHangs(null, browser);
    if (found) return (found as { readonly done: T }).done;
    hung = what === null ? 0 : hung + 1;
    if (what !== null && hung > 1) throw lost(what);
    if (performance.now() > until) throw lost(`the browser was not done after ${Math.round(withinMs / 1000)} s`);
  }
}

/** Waits for the work, and no longer than that; throws what it throws. */
async function inAtMost(work: Promise<void>, ms: number): Promise<void> {
  const late = new AbortController();
  try {
    await Promise.race([work, pause(ms, undefined, { signal: late.signal }).catch(() => undefined)]);
  } finally {
    late.abort();
  }
}

interface ProcessInfo {
  readonly type: string;
  readonly id: number;
  /** Seconds since it began. */
  readonly cpuTime: number;
}

const worked = (processes: readonly ProcessInfo[]): number =>
  processes.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);

/** SIGSTOP, or a debugger. */
async function isStopped({ id }: ProcessInfo): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  return /\) [Tt] /.test(stat.slice(stat.lastIndexOf(')')));
}

/** The id of the browser's main process; null where it does not tell, or tells one of a namespace of its own, in which it is somebody else's here. */
export async function mainProcessOf(browser: CDPSession, userDataDir: string): Promise<number | null> {
  const told = await within(browser.send('SystemInfo.getProcessInfo'), answerWithinMs, null);
  const id = told?.processInfo.find(({ type }) => type === 'browser')?.id ?? null;
  return id !== null && isOurs(id, userDataDir) ? id : null;
}

/** Ends a browser that need not be asked any more, at once and with all its processes: one that hangs takes no part in its own closing. */
export function killBrowserProcess(id: number, userDataDir: string): void {
  if (!isOurs(id, userDataDir)) return;
  // Found before the first is ended: a renderer that is stopped does not notice that it lost its browser, and holds its pipes open.
  for (const each of [id, ...processesBelow(id)]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // ended meanwhile
    }
  }
}

/** All descendants, by the parents that /proc tells (proc_pid_stat(5)); elsewhere none. */
function processesBelow(root: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(name);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (parent: number): readonly number[] => (children.get(parent) ?? []).flatMap((each) => [each, ...below(each)]);
  return below(root);
}

function parentOf(id: string): number | null {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null; // ended meanwhile
  }
}

/** Ids are given anew, and namespaces have their own: only a process that was given our profile is our browser. */
function isOurs(id: number, userDataDir: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(userDataDir);
  } catch {
    return false;
  }
}
