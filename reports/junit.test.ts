import { expect, test } from '@playwright/test';
import { renderJunit } from './junit';
import { hostileReport } from './testing/hostile';
import { parseXml } from './testing/parse-xml';
import { atRiskSample, brokenSample, healthySample, sampleReports, unknownSample } from './testing/sample-reports';

test('broken is a failure with the summary as its message, one case per target and route', () => {
  const document = parseXml(renderJunit(brokenSample()));
  const cases = [...document.getElementsByTagName('testcase')];
  expect(cases.map((one) => one.getAttribute('name'))).toEqual(['contoso internal', 'contoso ifd']);
  const [failure] = cases[0]!.getElementsByTagName('failure');
  expect(failure!.getAttribute('message')).toBe('broken: AD FS signs with a new certificate; CRM still trusts the old one (KB 2686840, confirmed)');
  expect(failure!.getAttribute('type')).toBe('adfs-signing-cert-rolled');
  expect(failure!.textContent).toContain('Restart-Service adfssrv');
  expect(document.documentElement!.getAttribute('failures')).toBe('2');
});

test('at risk passes with the warning as output, unknown is an error, healthy is bare', () => {
  expect(renderJunit(atRiskSample())).not.toContain('<failure');
  expect(renderJunit(atRiskSample())).toContain('<system-out>at risk: a new AD FS signing certificate');
  const unknown = parseXml(renderJunit(unknownSample())).documentElement!;
  expect([unknown.getAttribute('errors'), unknown.getAttribute('failures')]).toEqual(['1', '0']);
  expect(renderJunit(healthySample())).toContain('time="1.830"/>');
});

for (const [name, sample] of Object.entries(sampleReports))
  test(`the ${name} sample with an attack in every text is well-formed`, () => {
    const report = hostileReport(sample());
    const document = parseXml(renderJunit(report));
    expect(document.getElementsByTagName('testcase').length).toBe(report.results.length);
    expect(document.getElementsByTagName('script').length).toBe(0);
  });
