import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run licences`: writes docs/licences.md from package-lock.json, which carries the licence each package declares. */
const root = join(__dirname, '..', '..');
export const licencesFile = join(root, 'docs', 'licences.md');

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** Every package that is installed with the program (development's own left out), by name. */
function runtimePackages(): { name: string; version: string; licence: string }[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
  const found = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version = '', license = 'not declared' }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
    }));
  const unique = new Map(found.map((each) => [`${each.name} ${each.version}`, each]));
  return [...unique.values()].sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
}

/** The text of docs/licences.md as it ought to be. */
export function renderLicences(): string {
  const all = runtimePackages();
  const counts = new Map<string, number>();
  for (const { licence } of all) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const summary = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en')).map(([licence, count]) => `${licence}: ${count}`);
  return [
    '# Licences of the packages the program is installed with',
    '',
    'Made by `npm run licences` from `package-lock.json`; a test keeps it true. Packages for other systems and processors are listed too.',
    'The software bill of materials in CycloneDX is printed by `npm run --silent sbom`.',
    '',
    `${all.length} packages. ${summary.join(', ')}.`,
    '',
    '| Package | Version | Licence |',
    '| --- | --- | --- |',
    ...all.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
    '',
  ].join('\n');
}

if (require.main === module) writeFileSync(licencesFile, renderLicences());
