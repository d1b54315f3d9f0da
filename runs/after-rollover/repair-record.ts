import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Repair, repairSchema } from '../../contracts/repair';
import { ProbeFault } from '../../contracts/probe-fault';
import { replaceFile } from '../../system/replace-file';
import { renderRepairHtml } from '../../reports/repair-html';
import { renderRepairMarkdown } from '../../reports/repair-markdown';

/** `<out>/repairs/<id>/`: repair.json, repair.md and repair.html, each replaced in one step, so that a reader finds a whole one at any time. */
export const repairFolder = (out: string, id: string): string => join(resolve(out), 'repairs', id);

/** Writes the record. Synchronous, so that an interrupted program still leaves it whole. Throws ProbeFault when the folder cannot be written. */
export function saveRepair(out: string, repair: Repair): void {
  const folder = repairFolder(out, repair.id);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(join(folder, 'repair.html'), renderRepairHtml(repair));
    replaceFile(join(folder, 'repair.md'), renderRepairMarkdown(repair));
    replaceFile(join(folder, 'repair.json'), `${JSON.stringify(repair, null, 1)}\n`);
  } catch (error) {
    throw new ProbeFault(
      `The record of the repair, ${folder}, cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Name another folder with --out DIR.`,
    );
  }
}

/** The newest open repair of a target; null = none. A record that cannot be read is a ProbeFault that names it: nobody should begin again unknowingly. */
export function openRepair(out: string, target: string): Repair | null {
  const parent = join(resolve(out), 'repairs');
  const names = existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith(`${target}-2`)) : [];
  const newest = names
    .sort()
    .reverse()
    .find((name) => existsSync(join(parent, name, 'repair.json')));
  if (!newest) return null;
  const file = join(parent, newest, 'repair.json');
  const read = repairSchema.safeParse(parsed(file));
  if (!read.success)
    throw new ProbeFault(
      `${file}: expected the record of a repair (version 1), found something else at ${read.error.issues[0]?.path.join('.') || 'its beginning'}. ` +
        `Move the folder away to begin anew.`,
    );
  return read.data.state === 'open' ? read.data : null;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProbeFault(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no JSON'}). Move the folder away to begin anew.`);
  }
}

/** `contoso-20261123T021005Z-7b09`: sorts by time. */
export const repairId = (target: string, at: Date): string =>
  `${target}-${at.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-${randomBytes(2).toString('hex')}`;
