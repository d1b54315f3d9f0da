import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { takeLock } from '../../../system/lock';

/** The PowerShell these tests use: a tool of .NET, installed once per user, outside of the project. */
const version = '7.6.9';
const folder = join(homedir(), '.cache', 'signin-probe', `powershell-${version}`);
const program = join(folder, process.platform === 'win32' ? 'pwsh.exe' : 'pwsh');

/** Where PowerShell is, installed when it is not there yet; or why there is none, for a skipped test. */
export async function findPowerShell(): Promise<{ readonly ok: true; readonly program: string } | { readonly ok: false; readonly why: string }> {
  if (process.platform === 'win32') return { ok: false, why: 'these tests use PowerShell on Linux' };
  mkdirSync(dirname(folder), { recursive: true });
  const lock = await takeLock(`${folder}.lock`, { giveUpAfterMs: 100_000 });
  try {
    if (existsSync(program)) return { ok: true, program };
    execFileSync('dotnet', ['tool', 'install', '--tool-path', folder, 'PowerShell', '--version', version], { stdio: 'pipe', timeout: 90_000 });
    return { ok: true, program };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { ok: false, why: missing ? 'there is no .NET (dotnet) to install PowerShell with' : `PowerShell ${version} could not be installed with dotnet` };
  } finally {
    lock?.release();
  }
}

export interface PowerShellRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs a script file without a profile, without questions and without colours. */
export function runScript(file: string, args: readonly string[], { cwd, env = {} }: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<PowerShellRun> {
  const plain = { NO_COLOR: '1', POWERSHELL_TELEMETRY_OPTOUT: '1', POWERSHELL_UPDATECHECK: 'Off' };
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-NoProfile', '-NonInteractive', '-File', file, ...args], {
      cwd,
      env: { ...process.env, ...plain, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
  });
}
