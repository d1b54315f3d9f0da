import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Why there is no pseudo-terminal on this machine; null = there is one. `script` of util-linux makes it. */
export function noPseudoTerminal(): string | null {
  if (process.platform !== 'linux') return `script of util-linux is not on ${process.platform}`;
  const found = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return found.status === 0 && /util-linux/.test(found.stdout) ? null : 'script of util-linux is not installed';
}

export interface TerminalSession {
  /** Waits until the text was printed after what was waited for before; fails when the program ends without it. */
  readonly shows: (text: string | RegExp) => Promise<void>;
  /** Types, as a person does. */
  readonly type: (keys: string) => void;
  /** The exit code, once the program has ended. */
  readonly ended: Promise<number | null>;
  readonly screen: () => string;
}

/** For tests: the command line on a real pseudo-terminal. Every argument is quoted for the shell that `script` starts; `exec`, as a shell left standing would
 *  take Ctrl+C too and answer with a code of its own. */
export function onPseudoTerminal(args: readonly string[], env: NodeJS.ProcessEnv): TerminalSession {
  const command = [process.execPath, join(root, 'bin', 'signin-probe.js'), ...args].map((each) => `'${each.replace(/'/g, "'\\''")}'`).join(' ');
  const child = spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], { cwd: root, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  let screen = '';
  let read = 0;
  let closed = false;
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((check) => check());
  child.stdout.on('data', (data: Buffer) => {
    screen += data.toString();
    wake();
  });
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      closed = true;
      wake();
      resolve(code);
    }),
  );
  return {
    shows: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const rest = screen.slice(read);
          const found = typeof text === 'string' ? rest.indexOf(text) : rest.search(text);
          if (found < 0 && !closed) return;
          waiting.delete(check);
          if (found < 0) return reject(new Error(`the program ended without showing ${String(text)}:\n${screen}`));
          read += found + 1;
          resolve();
        };
        waiting.add(check);
        check();
      }),
    type: (keys) => void child.stdin.write(keys),
    ended,
    screen: () => screen,
  };
}
