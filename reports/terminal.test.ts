import { expect, test } from '@playwright/test';
import { renderTerminal, withoutEscapes } from './terminal';
import { hostileReport } from './testing/hostile';
import { atRiskSample, brokenSample, healthySample, sampleReports, unexplainedSample } from './testing/sample-reports';

test('escape sequences are stripped whole, not only their first byte', () => {
  expect(withoutEscapes('a\u001B[31mred\u001B[0m b\u001B]0;title\u0007c\u001B]8;;http://x\u001B\\link\u009B2Jd')).toBe('ared bclinkd');
});

test('a broken run prints a line per route, the cause once, the proof, the steps and where the report is', () => {
  const text = renderTerminal(brokenSample(), { color: false, reportPath: 'output/1/report.html' });
  expect(text.match(/✕ BROKEN/g)).toHaveLength(2);
  expect(text.match(/^Cause: AD FS signs with a new certificate; CRM still trusts the old one$/gm)).toHaveLength(1);
  expect(text).toContain('  (both routes, confirmed, KB 2686840, adfs-signing-cert-rolled)');
  expect(text).toContain('  3. On every AD FS server, restart the service.\n       Restart-Service adfssrv\n');
  expect(text).toMatch(/\nReport: output\/1\/report\.html\n$/);
});

test('a healthy run prints two lines and no advice; a risk prints its date; an unexplained failure says so', () => {
  expect(
    renderTerminal(healthySample(), { color: false })
      .split('\n')
      .filter((line) => line.includes('✓ HEALTHY')),
  ).toHaveLength(2);
  expect(renderTerminal(healthySample(), { color: false })).not.toContain('What to do now');
  expect(renderTerminal(atRiskSample(), { color: false })).toContain('Sign-in breaks in 3 days, on 21 Nov 2025.');
  expect(renderTerminal(unexplainedSample(), { color: false })).toContain('Unexplained: none of the known causes fits (internal claims)');
});

test('without colour there is no escape sequence, with colour only its own', () => {
  for (const sample of Object.values(sampleReports)) {
    const report = hostileReport(sample());
    expect(renderTerminal(report, { color: false })).not.toContain('\u001B');
    const own = renderTerminal(report, { color: true }).replaceAll(/\u001B\[(0|1|32;1|33;1|31;1|35;1)m/g, '');
    expect(own).not.toMatch(/[\u001B\u009B\u0007\u202E]/);
  }
});

test('text wraps at the width of the terminal, commands do not', () => {
  const lines = renderTerminal(brokenSample(), { color: false, columns: 70 }).split('\n');
  expect(lines.filter((line) => line.length > 72 && !line.startsWith('       '))).toEqual([]);
  expect(lines.some((line) => line.includes('Update-AdfsRelyingPartyTrust -TargetName "CRM Claims Relying Party"; Update-'))).toBe(true);
});
