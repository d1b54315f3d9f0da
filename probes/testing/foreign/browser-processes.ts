/** The browser processes this test process started, to do to them what operating systems and people do. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export const canFindProcesses = process.platform === 'linux';

/** Kills the browser's main process, or the renderers of its pages; says how many were killed. */
export function killBrowser(what: 'browser' | 'renderers'): number {
  const wanted = descendants(process.pid).filter(
    ({ command }) => /chrom|headless/i.test(command) && (what === 'renderers' ? command.includes('--type=renderer') : !command.includes('--type=')),
  );
  for (const { pid } of wanted) process.kill(pid, 'SIGKILL');
  return wanted.length;
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
