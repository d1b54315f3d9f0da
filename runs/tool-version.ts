import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in package.json, found from the sources as well as from compiled dist/. */
export const toolVersion: string = versionAbove(__dirname);

function versionAbove(folder: string): string {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
    if (name === 'signin-probe' && version) return version;
  } catch {
    // not here: look one folder up
  }
  const parent = dirname(folder);
  return parent === folder ? 'unknown' : versionAbove(parent);
}
