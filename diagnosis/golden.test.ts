import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { evidenceSchema } from '../contracts/evidence';
import { reportSchema } from '../contracts/report';
import { diagnose } from './diagnose';

/** Golden cases: evidence.json → report.json. After an intended change run with UPDATE_GOLDEN=1 and review the difference. */
const folder = join(__dirname, 'golden');
const update = process.env.UPDATE_GOLDEN === '1';
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

for (const name of readdirSync(folder).sort()) {
  test(`golden case ${name} gives the report on file`, () => {
    const evidence = evidenceSchema.parse(read(join(folder, name, 'evidence.json')));
    const report = JSON.parse(JSON.stringify(reportSchema.parse(diagnose(evidence)))) as unknown;
    const file = join(folder, name, 'report.json');
    if (update) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    expect(existsSync(file), 'report.json is missing: run with UPDATE_GOLDEN=1').toBe(true);
    expect(report).toEqual(read(file));
  });
}
