/** The browser processes this test process started, to do to them what operating systems and people do. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export const canFindProcesses = process.platform === 'linux';

/** Kills the browser's main process, or the renderers of its pages; says how many were killed. */
export function killBrowser(what: 'browser' | 'renderers'): number {
  const wanted = browsersBelow(what);
  for (const { pid } of wanted) process.kill(pid, 'SIGKILL');
  return wanted.length;
}

/** Stops (SIGSTOP) the browser's main process, the renderers of its pages, or every process it has: alive, and never answering again. Returns their ids. */
export function stopBrowser(what: 'browser' | 'renderers' | 'everything'): readonly number[] {
  const wanted = browsersBelow(what).map(({ pid }) => pid);
  for (const pid of wanted) process.kill(pid, 'SIGSTOP');
  return wanted;
}

/** Those of the processes that still exist; one that ended and was not yet collected by its parent does not. */
export function stillThere(pids: readonly number[]): readonly number[] {
  return pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
    } catch {
      return false;
    }
  });
}

function browsersBelow(what: 'browser' | 'renderers' | 'everything'): readonly Process[] {
  return descendants(process.pid)
    .filter(({ command }) => /^\S*(chrom|headless)/i.test(command))
    .filter(({ command }) => what === 'everything' || (what === 'renderers') === command.includes('--type=renderer'))
    .filter(({ command }) => what !== 'browser' || !command.includes('--type='));
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function descendants(root: number): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Process[] => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replace(/\0/g, ' ') }];
      } catch {
        return []; // ended meanwhile
      }
    });
  const below = (parent: number): Process[] => all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(root);
}
