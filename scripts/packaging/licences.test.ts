import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { licencesFile, renderLicences } from './licences';

/** Licences under which the program may be handed on as it is. */
const permissive =
  /^\(?(MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|MIT-0|Unlicense|CC0-1\.0|Python-2\.0|PostgreSQL)( (OR|AND) [\w.-]+)*\)?$/;

test('docs/licences.md lists the packages of package-lock.json (npm run licences)', () => {
  expect(readFileSync(licencesFile, 'utf8').replace(/\r\n/g, '\n')).toBe(renderLicences());
});

test('every package the program is installed with has a permissive licence', () => {
  const rows = renderLicences()
    .split('\n')
    .filter((line) => /^\| (?!Package|---)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter(([, , , licence]) => !permissive.test(licence ?? '')).map(([, name, , licence]) => `${name}: ${licence}`)).toEqual([]);
});
