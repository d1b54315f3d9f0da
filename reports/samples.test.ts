import { expect, test } from '@playwright/test';
import { reportSchema } from '../contracts/report';
import { attack, hostileReport } from './testing/hostile';
import { renderers } from './testing/renderers';
import { sampleReports } from './testing/sample-reports';

for (const [name, sample] of Object.entries(sampleReports)) {
  test(`the ${name} sample passes the report's schema`, () => {
    expect(reportSchema.safeParse(sample()).error?.issues ?? []).toEqual([]);
  });

  test(`every format renders the ${name} sample, twice alike and without leaving out a value`, () => {
    for (const [format, render] of Object.entries(renderers)) {
      const text = render(sample());
      expect(text, format).toBe(render(sample()));
      expect(text, format).not.toMatch(/undefined|NaN|\[object|Invalid Date/);
      expect(text.endsWith('\n'), format).toBe(true);
    }
  });

  test(`every format survives the ${name} sample with an attack in every text`, () => {
    const report = hostileReport(sample());
    expect(JSON.stringify(report)).toContain(JSON.stringify(attack).slice(1, -1));
    for (const [format, render] of Object.entries(renderers).filter(([one]) => one !== 'json' && one !== 'har'))
      expect(render(report), format).not.toMatch(/[\u001B\u0007\u202E]/);
  });
}

test('a report without results renders in every format', () => {
  const report = { ...sampleReports['healthy']!(), verdict: 'unknown' as const, results: [] };
  for (const [format, render] of Object.entries(renderers)) expect(render(report), format).not.toMatch(/undefined|NaN/);
});
