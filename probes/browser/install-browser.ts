/** Installing a browser when none was found: never during `npm install`, only when a command needs one. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installAdvice } from './browser';
import { installerEnvironment } from './browser-environment';

export interface CommandResult {
  readonly code: number | null;
  /** The end of what it printed. */
  readonly output: string;
}
type RunCommand = (command: string, args: readonly string[]) => Promise<CommandResult>;

export interface InstallOptions {
  /** One line per step, for the person waiting. */
  readonly say: (text: string) => void;
  readonly run?: RunCommand;
  /** As root on Debian or Ubuntu the distribution's package brings its libraries along. */
  readonly rootOnDebian?: boolean;
}

export type InstallResult = { readonly ok: true; readonly how: string } | { readonly ok: false; readonly why: string };

const timeoutMs = 5 * 60_000;

/** Tries the ways of the contract until one succeeds; call findBrowser afterwards, whose launch test has the last word. Never throws. */
export async function installBrowser({ say, run = runCommand, rootOnDebian = onDebianAsRoot() }: InstallOptions): Promise<InstallResult> {
  const failures: string[] = [];
  const attempt = async (how: string, command: string, args: readonly string[]): Promise<boolean> => {
    say(`installing a browser: ${how}`);
    const { code, output } = await run(command, args);
    if (code !== 0) failures.push(`\`${how}\` ended with ${code === null ? 'no exit code' : `exit code ${code}`}: ${lastLine(output)}`);
    return code === 0;
  };
  if (rootOnDebian) {
    const how = 'apt-get install --no-install-recommends chromium-headless-shell';
    const args = ['install', '--yes', '--no-install-recommends', 'chromium-headless-shell'];
    if (await attempt(how, 'apt-get', args)) return { ok: true, how };
    // A fresh container has no package lists yet.
    if ((await attempt('apt-get update', 'apt-get', ['update'])) && (await attempt(how, 'apt-get', args))) return { ok: true, how };
  }
  const how = 'npx playwright install --only-shell chromium';
  if (await attempt(how, process.execPath, [playwrightCommand(), 'install', '--only-shell', 'chromium'])) return { ok: true, how };
  return { ok: false, why: `No browser could be installed. ${failures.join('. ')}. Install one by hand: ${installAdvice()}.` };
}

function playwrightCommand(): string {
  return join(dirname(require.resolve('playwright/package.json')), 'cli.js');
}

function onDebianAsRoot(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

function lastLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const telling = lines.findLast((line) => /^(E:|Error|error)|not found|unable|cannot|failed/i.test(line)) ?? lines.at(-1) ?? 'it printed nothing';
  return telling.slice(0, 300).replace(/[.\s]+$/, '');
}

/** Runs one program without a shell and without the secrets of this process; what it printed last is kept. */
export function runCommand(command: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, env: installerEnvironment(process.env) });
    let output = '';
    const keep = (chunk: Buffer): void => void (output = (output + chunk.toString('utf8')).slice(-8000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
