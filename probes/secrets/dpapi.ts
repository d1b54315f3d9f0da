import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../system/replace-file';
import { Secret, type SecretResult } from './secret';

/**
 * `dpapi:PATH`: a file that Windows' data protection (DPAPI) has encrypted, for this account or for this machine; made by `account save`. Another account (or
 * machine) cannot decrypt it. For a machine's, the rights of the file are what keeps other accounts of the machine out.
 * Windows PowerShell calls DPAPI; the secret goes through its pipes as Base64, never on a command line.
 * Source: https://learn.microsoft.com/dotnet/api/system.security.cryptography.protecteddata
 */
const keptSchema = z.object({ schema: z.literal(1), scope: z.enum(['CurrentUser', 'LocalMachine']), data: z.base64() });
export type DpapiScope = z.infer<typeof keptSchema>['scope'];

/** Base64 in, Base64 out; the exit code tells whether it went well. */
export type Protector = (verb: 'Protect' | 'Unprotect', scope: DpapiScope, base64: string) => Promise<string | null>;

const onlyWindows = 'dpapi: is Windows’ own data protection; use keyring:, vault: or file: here.';

export async function secretFromDpapi(path: string, protect: Protector = byPowerShell, platform: NodeJS.Platform = process.platform): Promise<SecretResult> {
  if (platform !== 'win32') return { ok: false, why: onlyWindows };
  let kept: z.infer<typeof keptSchema>;
  try {
    kept = keptSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const found = code === 'ENOENT' ? 'found no such file' : code === undefined ? 'found another file' : `could not read it (${code})`;
    return { ok: false, why: `Expected a password kept by \`account save\` in ${path}, ${found}; run: signin-probe account save "dpapi:${path}"` };
  }
  const clear = await protect('Unprotect', kept.scope, kept.data);
  if (clear !== null) return { ok: true, value: new Secret(Buffer.from(clear, 'base64').toString('utf8')) };
  const whose = kept.scope === 'CurrentUser' ? 'another account, or on another machine' : 'another machine';
  return { ok: false, why: `${path} could not be decrypted: perhaps it was kept by ${whose}. Keep it anew as this account: signin-probe account save` };
}

/** Keeps a secret in the file, encrypted; why not, where it cannot be. */
export async function keepByDpapi(
  { path, scope, secret }: { readonly path: string; readonly scope: DpapiScope; readonly secret: string },
  protect: Protector = byPowerShell,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  if (platform !== 'win32') return onlyWindows;
  const data = await protect('Protect', scope, Buffer.from(secret, 'utf8').toString('base64'));
  if (data === null) return 'Windows did not encrypt the password (Windows PowerShell was started for it and did not succeed).';
  replaceFile(path, `${JSON.stringify({ schema: 1, scope, data })}\n`);
  return null;
}

/** What Windows PowerShell 5.1, part of every Windows, is asked to do; the secret comes on its standard input. */
const dpapiScript = (verb: 'Protect' | 'Unprotect', scope: DpapiScope): string =>
  `$ErrorActionPreference = 'Stop'; Add-Type -AssemblyName System.Security; $given = [Convert]::FromBase64String([Console]::In.ReadLine()); ` +
  `[Convert]::ToBase64String([Security.Cryptography.ProtectedData]::${verb}($given, $null, [Security.Cryptography.DataProtectionScope]::${scope}))`;

const byPowerShell: Protector = (verb, scope, base64) =>
  new Promise((resolve) => {
    const program = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
    const script = Buffer.from(dpapiScript(verb, scope), 'utf16le').toString('base64');
    const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', script];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true, timeout: 30_000 });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString('latin1')));
    child.stdin.on('error', () => undefined);
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code === 0 && output.trim() !== '' ? output.trim() : null));
    child.stdin.end(`${base64}\r\n`);
  });
