import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { causeIds } from '../contracts/causes';
import { shownElsewhere } from '../lab/shown-elsewhere';
import { rules } from './causes';
import { sample } from './testing/sample-evidence';

const root = join(__dirname, '..');

const textOf = (file: string): string => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');
/** The last cause of the first version; a later one stands after it and has a line of its own in the change log. */
const lastOfFirstVersion = causeIds.indexOf('token-post-blocked');

for (const id of causeIds) {
  test(`${id} has rule, test, handbook page and lab fault under the same name`, () => {
    expect(rules[id].id).toBe(id);
    const inLab = !(id in shownElsewhere);
    const elsewhere = Object.entries(shownElsewhere).flatMap(([each, file]) => (each === id && file !== null ? [file] : []));
    const shown = inLab ? [`lab/faults/${id}.ts`] : elsewhere;
    const files = [`diagnosis/causes/${id}.ts`, `diagnosis/causes/${id}.test.ts`, `docs/causes/${id}.md`, ...shown];
    const missing = files.filter((file) => !existsSync(join(root, file)));
    expect(missing, `missing files: npm run cause -- ${id} begins them`).toEqual([]);
    const unwritten = [...files, 'lab/faults/faults.lab.ts'].filter((file) => textOf(file).includes(`TO DO (${id})`));
    expect(unwritten, `not written yet: look for "TO DO (${id})"`).toEqual([]);
    const page = textOf(`docs/causes/${id}.md`);
    for (const heading of ['What users see', 'How we know', 'Twins', 'Remedy', 'Sources']) expect(page).toContain(`## ${heading}`);
    if (inLab)
      expect(textOf('lab/faults/faults.lab.ts'), `lab/faults/faults.lab.ts, effects: what does a client meet? npm run cause -- ${id} begins it`).toContain(
        `'${id}'`,
      );
    if (causeIds.indexOf(id) > lastOfFirstVersion) expect(textOf('CHANGELOG.md'), `CHANGELOG.md: a line with ${id}`).toContain(id);
  });

  test(`${id} says what to do and how to check it`, () => {
    const { remedy, checkAfterwards } = rules[id];
    expect(remedy(sample()).length).toBeGreaterThan(2);
    expect(remedy(sample()).some(({ command }) => command !== undefined)).toBe(true);
    expect(checkAfterwards?.(sample()).length).toBeGreaterThan(0);
  });

  test(`${id} keeps the port of addresses in its commands`, () => {
    const { settings } = sample();
    const base = sample('ifd', { settings: { ...settings, url: 'https://crm.contoso.com:5555/main.aspx', stsOrigin: 'https://sts.contoso.com:4443' } });
    const steps = [...rules[id].remedy(base), ...(rules[id].checkAfterwards?.(base) ?? [])];
    // Internet Options list sites by their host.
    const addresses = steps.flatMap(({ command = '' }) =>
      command.includes('ZoneMapKey') ? [] : (command.match(/https:\/\/(sts|crm)\.contoso\.com(:\d+)?/g) ?? []),
    );
    for (const address of addresses) expect(address).toMatch(/:\d+$/);
  });
}

test("a page's commands are those of the rule: by hand it has none", () => {
  const withCommands = causeIds.filter((id) => {
    const remedy = /^## Remedy$([\s\S]*?)^## Sources$/m.exec(textOf(`docs/causes/${id}.md`))?.[1] ?? '';
    return /^ *```/m.test(remedy.replace(/<!-- the steps of the rule[\s\S]*?<!-- end of the steps -->/, ''));
  });
  expect(withCommands).toEqual([]);
});

test('no document says by hand how many causes there are; between <!-- causes --> and <!-- /causes -->, `npm run generate` does', () => {
  const inDocs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs.map((name) => `docs/${name}`)];
  expect(documents.filter((file) => /\b\d\d causes\b/.test(textOf(file)))).toEqual([]);
});

test('no folder of causes holds a file without a cause', () => {
  const stems = (folder: string): string[] => readdirSync(join(root, folder)).map((file) => file.replace(/(\.test|\.lab)?\.(ts|md)$/, ''));
  const strangers = [...stems('diagnosis/causes'), ...stems('docs/causes'), ...stems('lab/faults')].filter(
    (stem) => !['index', 'faults', 'README'].includes(stem) && !(causeIds as readonly string[]).includes(stem),
  );
  expect(strangers, 'a new cause is entered by npm run generate').toEqual([]);
});

test('diagnosis is pure: it imports contracts only, and reads no clock and no environment', () => {
  const files = readdirSync(join(root, 'diagnosis'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.ts$/.test(file) && !/\.(test|lab)\.ts$|^testing[\\/]/.test(file),
  );
  for (const file of files) {
    const source = readFileSync(join(root, 'diagnosis', file), 'utf8');
    for (const [, from = ''] of source.matchAll(/from '([^']+)'/g))
      expect(from.startsWith('.') && (!from.includes('../../') || from.includes('contracts/')), `${file} imports ${from}`).toBe(true);
    expect(source, file).not.toMatch(/Date\.now\(|new Date\(\)|performance\.|process\.|Math\.random/);
  }
});
