/** The fail-closed scan: the last thing that happens to a run folder before it gets its name. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { type KnownSecret, type SecretFinder, secretFinder } from '../probes/redaction';

/** A file that was removed, and why; never the value. */
interface ScanHit {
  /** Within the folder, with `/`. */
  readonly file: string;
  /** password, cookie, token …; `unreadable` = nobody knows how to look into it, so nobody knows what is in it. */
  readonly kinds: readonly string[];
}

export interface ScanResult {
  readonly files: number;
  readonly secrets: number;
  readonly hits: readonly ScanHit[];
}

/** What a run writes; a file of another kind has no rule, and is not handed on. */
const readable = /\.(?:json|jsonl|html|md|xml|har|txt|csv|ics|prom|svg|png|zip)$/i;

/**
 * Looks for every secret of the run, in every encoding, in every file of the folder (into zip archives too). A file with a hit, or one that cannot be looked
 * into, is deleted. Throws only where a file cannot be deleted.
 */
export async function scanForSecrets(folder: string, known: readonly KnownSecret[]): Promise<ScanResult> {
  const find = secretFinder(known);
  const entries = (await readdir(folder, { withFileTypes: true, recursive: true })).filter((entry) => !entry.isDirectory());
  const hits: ScanHit[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const kinds = entry.isFile() ? await kindsIn(path, find) : ['unreadable'];
    if (kinds.length === 0) continue;
    await rm(path, { force: true });
    hits.push({ file: relative(folder, path).split(sep).join('/'), kinds });
  }
  return { files: entries.length, secrets: known.length, hits };
}

/** One sentence for the operator. */
export function scanFault({ hits }: ScanResult): string {
  const list = hits.map(({ file, kinds }) => `${file} (${kinds.join(', ')})`).join('; ');
  return (
    `The last look at the run folder found what must not be written: ${list}. ${hits.length === 1 ? 'The file was' : 'The files were'} deleted, ` +
    `and the run counts as the probe's own fault. Please report it, without the secret; the password should be changed if the folder was copied.`
  );
}

async function kindsIn(path: string, find: SecretFinder): Promise<string[]> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null || !readable.test(path)) return ['unreadable'];
  const found = find(Buffer.concat([Buffer.from(path.split(sep).at(-1) ?? ''), Buffer.from('\n'), bytes]));
  if (!/\.zip$/i.test(path)) return found;
  try {
    const inside = Object.entries(unzipSync(bytes)).flatMap(([name, content]) => [...find(Buffer.from(name)), ...find(Buffer.from(content))]);
    return [...new Set([...found, ...inside])];
  } catch {
    return ['unreadable'];
  }
}
