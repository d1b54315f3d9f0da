/** Small states kept beside the configuration between runs: JSON of version 1, replaced in one step, for their owner only. No secret is in them. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { replaceFileSoon } from '../../system/replace-file';

export type ReadKept<T> = { readonly ok: true; readonly state: T | null } | { readonly ok: false; readonly why: string };
export type WriteKept = { readonly ok: true; readonly file: string } | { readonly ok: false; readonly why: string };

/** `what` names the state in messages: "The last good state"; `advice` says what to do about one that cannot be understood. */
export interface KeptKind<T> {
  readonly schema: z.ZodType<T>;
  readonly what: string;
  readonly advice: string;
}

/** null = never written. A file that cannot be read or understood is told, not thrown: the run goes on without. */
export async function readKept<T>(file: string, { schema, what, advice }: KeptKind<T>): Promise<ReadKept<T>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? { ok: true, state: null } : { ok: false, why: `${what} ${file} could not be read (${code}).` };
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { ok: false, why: `${what} ${file} is no JSON (damaged?). ${advice}` };
  }
  const checked = schema.safeParse(data);
  if (checked.success) return { ok: true, state: checked.data };
  const version = (data as { schema?: unknown } | null)?.schema;
  const why = version !== 1 ? `has version ${JSON.stringify(version)}, expected 1` : `is not as expected at ${checked.error.issues[0]?.path.join('.')}`;
  return { ok: false, why: `${what} ${file} ${why}. ${advice}` };
}

/** Replaces the file in one step (written beside it, then renamed): a reader sees the old or the new state, never half of one. */
export async function writeKept(file: string, state: unknown, { what, without }: { readonly what: string; readonly without: string }): Promise<WriteKept> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await replaceFileSoon(file, `${JSON.stringify(state, null, 2)}\n`);
    return { ok: true, file };
  } catch (error) {
    return { ok: false, why: `${what} ${file} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}); ${without}` };
  }
}
