import { spawn } from 'node:child_process';
import { oneLine, shorten } from '../../../reports/safe-text';
import type { SendResult } from './channel';

/** What a program needs of the environment; secrets behind `env:` are not handed on. */
const handedOn = [
  'PATH',
  'PATHEXT',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'windir',
  'ComSpec',
  'USERPROFILE',
  'USERNAME',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
];

/**
 * Runs a program, never through a shell: a message cannot become a command. Success is exit code 0 within `timeoutMs`; later it is ended (on Linux and
 * macOS with all it started). Never throws.
 */
export function runCommand([program = '', ...args]: readonly string[], input: string, timeoutMs: number, signal?: AbortSignal): Promise<SendResult> {
  return new Promise((resolve) => {
    let said = '';
    let late = false;
    const group = process.platform !== 'win32';
    const child = spawn(program, args, {
      shell: false,
      windowsHide: true,
      detached: group,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => handedOn.some((known) => known.toLowerCase() === name.toLowerCase()))),
    });
    const stop = (): void => {
      late = true;
      try {
        if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has just ended.
      }
      child.stderr.destroy();
    };
    const timer = setTimeout(stop, timeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    const finish = (result: SendResult): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve(result);
    };
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = `${said}${chunk}`.slice(-2000)));
    // A program that does not read its input may still succeed.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error: NodeJS.ErrnoException) =>
      finish({
        ok: false,
        why: error.code === 'ENOENT' ? `${program}: there is no such program.` : `${program} could not be started (${error.code ?? oneLine(error.message)}).`,
      }),
    );
    child.once('close', (code, signal) => {
      const words = shorten(said, 300);
      if (late) finish({ ok: false, why: `${program} did not end within ${timeoutMs / 1000} s and was stopped.` });
      else if (code === 0) finish({ ok: true, note: `${program} ended with exit code 0` });
      else finish({ ok: false, why: `${program} ended with ${code === null ? `signal ${signal}` : `exit code ${code}`}${words === '' ? '' : `: ${words}`}.` });
    });
  });
}
