import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(__dirname, '..', '..');

/**
 * For tests: runs the command line as a user would, with a state folder of its own unless `env` names one;
 * `onStderr` sees each piece of standard error with the process id, while it runs.
 */
export function runCli(
  args: readonly string[],
  {
    cwd = root,
    env = {},
    input,
    onStderr,
  }: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string; onStderr?: ((text: string, pid: number) => void) | undefined } = {},
): Promise<CliResult> {
  const state = mkdtempSync(join(tmpdir(), 'signin-probe-state-'));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'signin-probe.js'), ...args], {
      cwd,
      env: { ...process.env, SIGNIN_PROBE_STATE: state, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => undefined); // a command that reads nothing may have ended already
    child.stdin.end(input ?? '');
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      onStderr?.(data.toString(), child.pid ?? 0);
    });
    child.on('close', (exitCode) => {
      rmSync(state, { recursive: true, force: true });
      resolve({ exitCode, stdout, stderr });
    });
  });
}
