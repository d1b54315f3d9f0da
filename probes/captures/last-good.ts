/** The last good sign-in of each target and route, kept beside the configuration, for the next run to compare with. No secret is in it. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type LastGood, lastGoodSchema } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';

export type LastGoodPlace = Pick<Target, 'configFolder' | 'name' | 'route'>;

export type ReadLastGood = { readonly ok: true; readonly lastGood: LastGood | null } | { readonly ok: false; readonly why: string };
export type WriteLastGood = { readonly ok: true; readonly file: string } | { readonly ok: false; readonly why: string };

/** `<folder of the configuration>/.signin-probe/last-good/<target>.<route>.json` */
export function lastGoodFile({ configFolder, name, route }: LastGoodPlace): string {
  return join(configFolder, '.signin-probe', 'last-good', `${name}.${route}.json`);
}

/** null = never signed in yet. A file that cannot be read or understood is told, not thrown: the run goes on without. */
export async function readLastGood(place: LastGoodPlace): Promise<ReadLastGood> {
  const file = lastGoodFile(place);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? { ok: true, lastGood: null } : { ok: false, why: `The last good state ${file} could not be read (${code}).` };
  }
  const advice = 'Delete it; the next good sign-in writes it anew.';
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { ok: false, why: `The last good state ${file} is no JSON (damaged?). ${advice}` };
  }
  const checked = lastGoodSchema.safeParse(data);
  if (!checked.success) {
    const version = (data as { schema?: unknown } | null)?.schema;
    const why = version !== 1 ? `has version ${JSON.stringify(version)}, expected 1` : `is not as expected at ${checked.error.issues[0]?.path.join('.')}`;
    return { ok: false, why: `The last good state ${file} ${why}. ${advice}` };
  }
  if (checked.data.target !== place.name || checked.data.route !== place.route)
    return { ok: false, why: `The last good state ${file} belongs to ${checked.data.target} ${checked.data.route}. ${advice}` };
  return { ok: true, lastGood: checked.data };
}

/** Replaces the file in one step (written beside it, then renamed): a reader sees the old or the new state, never half of one. For its owner only. */
export async function writeLastGood(place: LastGoodPlace, lastGood: LastGood): Promise<WriteLastGood> {
  const file = lastGoodFile(place);
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(lastGood, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return { ok: true, file };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return {
      ok: false,
      why: `The last good state ${file} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}); the next run has nothing to compare with.`,
    };
  }
}
