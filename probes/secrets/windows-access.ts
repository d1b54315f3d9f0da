import { execFileSync } from 'node:child_process';

/** Who may have rights on a secret file of Windows, besides the account that runs: administrators, the system, and the owner's own placeholder. */
const trusted = new Set(['S-1-5-32-544', 'S-1-5-18', 'S-1-3-4']);

/**
 * The SIDs that a security descriptor in SDDL allows anything, in order. Two-letter names of well-known accounts are put in full where they are trusted; the
 * others stay as they are. Source: https://learn.microsoft.com/windows/win32/secauthz/ace-strings
 */
export function allowedIn(sddl: string): readonly string[] {
  const acl = /D:[A-Z]*((?:\([^)]*\))*)/.exec(sddl);
  // Without an ACL everybody may do everything.
  if (!acl) return ['WD'];
  const entries = [...(acl[1] ?? '').matchAll(/\(([^)]*)\)/g)].map(([, entry = '']) => entry.split(';'));
  const names: Readonly<Record<string, string>> = { BA: 'S-1-5-32-544', SY: 'S-1-5-18', OW: 'S-1-3-4' };
  return entries.filter(([type]) => type?.startsWith('A') || type?.startsWith('XA')).map(([, , , , , sid = '']) => names[sid] ?? sid);
}

/** Those of `allowed` that are neither trusted nor the account that runs. */
export const strangersIn = (allowed: readonly string[], ownSid: string): string[] => [...new Set(allowed)].filter((sid) => !trusted.has(sid) && sid !== ownSid);

/** The SID in what `whoami /user /fo csv /nh` prints, in any language; null = none was printed. */
export const sidIn = (text: string): string | null => /"(S-1-[\d-]+)"\s*$/.exec(text.trim())?.[1] ?? null;

/** What `icacls FILE /save` wrote (UTF-16): the name on one line, its descriptor on the next. */
export const savedDescriptor = (text: string): string | null => /^\s*(D:\S*)\s*$/m.exec(text.replace(/^\uFEFF/, ''))?.[1] ?? null;

/** Runs a program of Windows; its output as text. Throws what the system says. */
export const runWindows = (program: string, args: readonly string[]): string =>
  execFileSync(program, [...args], { encoding: 'latin1', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
