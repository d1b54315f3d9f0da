import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { causeIds } from '../contracts/causes';
import { evidenceSchema } from '../contracts/evidence';
import { type Report, reportSchema } from '../contracts/report';
import { diagnose } from './diagnose';

/**
 * Golden cases: evidence.json → report.json, without the causes that were not found. Those stand in one file for all cases, by id and without words,
 * so that a new cause changes no other. After an intended change run with UPDATE_GOLDEN=1 and review the difference.
 */
const folder = join(__dirname, 'golden');
const notFoundFile = join(folder, 'not-found.json');
const update = process.env.UPDATE_GOLDEN === '1';
const renew = 'UPDATE_GOLDEN=1 npx playwright test -c playwright.tests.config.ts diagnosis/golden';
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const write = (file: string, content: unknown): void => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);

const names = readdirSync(folder, { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  .sort();
const reportOf = (name: string): Report => reportSchema.parse(diagnose(evidenceSchema.parse(read(join(folder, name, 'evidence.json')))));

for (const name of names) {
  test(`golden case ${name} gives the report on file`, () => {
    const { results, ...run } = reportOf(name);
    const found = JSON.parse(JSON.stringify({ ...run, results: results.map(({ ruledOut: _, notJudged: __, ...result }) => result) })) as unknown;
    const file = join(folder, name, 'report.json');
    if (update) write(file, found);
    expect(existsSync(file), `report.json is missing: ${renew}`).toBe(true);
    expect(found, renew).toEqual(read(file));
  });
}

test('the causes that are not found in the golden cases are ruled out, or cannot be judged, as on file', () => {
  const results = names.flatMap((name) => reportOf(name).results.map((result) => ({ name: `${name}, ${result.target} ${result.route}`, ...result })));
  // What is neither found nor here was not judged at all: sign-in worked.
  const notFound = Object.fromEntries(
    causeIds.map((id) => {
      const [ruledOut, notJudged] = (['ruledOut', 'notJudged'] as const).map((list) =>
        results.filter((result) => result[list].some((cause) => cause.id === id)).map(({ name }) => name),
      );
      return [id, { ruledOut, notJudged }];
    }),
  );
  if (update) write(notFoundFile, notFound);
  expect(existsSync(notFoundFile), `not-found.json is missing: ${renew}`).toBe(true);
  expect(notFound, renew).toEqual(read(notFoundFile));
});
