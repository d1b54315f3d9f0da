import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { causeIds } from '../contracts/causes';
import { shownElsewhere } from '../lab/faults';
import { rules } from './causes';
import { sample } from './testing/sample-evidence';

const root = join(__dirname, '..');

for (const id of causeIds) {
  test(`${id} has rule, test, handbook page and lab fault under the same name`, () => {
    expect(rules[id].id).toBe(id);
    const elsewhere = id in shownElsewhere ? [shownElsewhere[id as keyof typeof shownElsewhere]].filter((each) => each !== null) : [`lab/faults/${id}.ts`];
    for (const file of [`diagnosis/causes/${id}.ts`, `diagnosis/causes/${id}.test.ts`, `docs/causes/${id}.md`, ...elsewhere])
      expect(existsSync(join(root, file)), file).toBe(true);
    const page = readFileSync(join(root, `docs/causes/${id}.md`), 'utf8');
    for (const heading of ['What users see', 'How we know', 'Twins', 'Remedy', 'Sources']) expect(page).toContain(`## ${heading}`);
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

test('a page of a cause whose remedy releases the account says how to release it', () => {
  const releasing = causeIds.filter((id) => rules[id].remedy(sample()).some(({ command = '' }) => command.includes('account release')));
  const silent = releasing.filter(
    (id) => !/## Remedy[\s\S]*signin-probe account release[\s\S]*## Sources/.test(readFileSync(join(root, `docs/causes/${id}.md`), 'utf8')),
  );
  expect([releasing.length, silent]).toEqual([3, []]);
});

test('no folder of causes holds a file without a cause', () => {
  const stems = (folder: string): string[] => readdirSync(join(root, folder)).map((file) => file.replace(/(\.test|\.lab)?\.(ts|md)$/, ''));
  const strangers = [...stems('diagnosis/causes'), ...stems('docs/causes'), ...stems('lab/faults')].filter(
    (stem) => !['index', 'faults'].includes(stem) && !(causeIds as readonly string[]).includes(stem),
  );
  expect(strangers).toEqual([]);
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
