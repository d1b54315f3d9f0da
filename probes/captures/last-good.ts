/** The last good sign-in of each target and route, kept beside the configuration, for the next run to compare with. No secret is in it. */
import { join } from 'node:path';
import { type LastGood, lastGoodSchema } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import { readKept, writeKept, type WriteKept } from './kept-state';

export type LastGoodPlace = Pick<Target, 'configFolder' | 'name' | 'route'>;

export type ReadLastGood = { readonly ok: true; readonly lastGood: LastGood | null } | { readonly ok: false; readonly why: string };

const what = 'The last good state';
const advice = 'Delete it; the next good sign-in writes it anew.';

/** `<folder of the configuration>/.signin-probe/last-good/<target>.<route>.json` */
export function lastGoodFile({ configFolder, name, route }: LastGoodPlace): string {
  return join(configFolder, '.signin-probe', 'last-good', `${name}.${route}.json`);
}

/** null = never signed in yet. A file that cannot be read or understood is told, not thrown: the run goes on without. */
export async function readLastGood(place: LastGoodPlace): Promise<ReadLastGood> {
  const file = lastGoodFile(place);
  const kept = await readKept(file, { schema: lastGoodSchema, what, advice });
  if (!kept.ok) return kept;
  if (kept.state && (kept.state.target !== place.name || kept.state.route !== place.route))
    return { ok: false, why: `${what} ${file} belongs to ${kept.state.target} ${kept.state.route}. ${advice}` };
  return { ok: true, lastGood: kept.state };
}

/** Replaces the last good state in one step. */
export const writeLastGood = (place: LastGoodPlace, lastGood: LastGood): Promise<WriteKept> =>
  writeKept(lastGoodFile(place), lastGood, { what, without: 'the next run has nothing to compare with.' });
