/** How values are written in claims, alike everywhere. */

/** The first eight characters of a thumbprint: enough to tell certificates apart, short enough to read aloud. */
export const shortThumbprint = (sha1: string): string => `${sha1.slice(0, 8)}…`;

/** 2026-01-10T00:18:08Z → "2026-01-10 00:18 UTC". */
export function instant(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A duration in the largest two units that matter: "12 min 30 s", "3 d 4 h". */
export function duration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A reason as part of a longer sentence: without its own full stop. */
export const withoutStop = (reason: string): string => reason.trim().replace(/\.+$/, '');

/** "a", "a and b", "a, b and c". */
export const listed = (items: readonly string[]): string => (items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`);

/** "once", "twice", "3 times". */
export const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** At most `length` characters of a text on one line. */
export function excerpt(text: string, length = 160): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** A value made safe for a PowerShell single-quoted string. */
export const quoted = (value: string): string => `'${value.replace(/'/g, "''")}'`;
