import { expect, test } from '@playwright/test';
import { hostileReport } from '../testing/hostile';
import { atRiskSample, brokenSample, healthySample, sampleReports, unknownSample } from '../testing/sample-reports';
import { checkmkError, renderCheckmk } from './checkmk';
import { prtgError, renderPrtg } from './prtg';
import { renderZabbix } from './zabbix';

interface Prtg {
  readonly prtg: {
    readonly error?: number;
    readonly text: string;
    readonly result?: readonly {
      readonly channel: string;
      readonly value: number | string;
      readonly limitmaxerror?: number;
      readonly limitmaxwarning?: number;
    }[];
  };
}
const prtgOf = (text: string): Prtg['prtg'] => (JSON.parse(text) as Prtg).prtg;
/** As PRTG would show the state channels. */
const shown = (text: string): string[] =>
  (prtgOf(text).result ?? []).flatMap(({ value, limitmaxerror, limitmaxwarning }) =>
    limitmaxerror === undefined || limitmaxwarning === undefined
      ? []
      : [Number(value) > limitmaxerror ? 'error' : Number(value) > limitmaxwarning ? 'warning' : 'up'],
  );

test('PRTG shows broken as an error, at risk and "could not tell" as a warning, healthy as up, and a run that could not be made as a sensor error', () => {
  expect(shown(renderPrtg(brokenSample()))).toEqual(['error', 'error']);
  expect(new Set(shown(renderPrtg(atRiskSample())))).toContain('warning');
  expect(shown(renderPrtg(unknownSample()))).toContain('warning');
  expect(new Set(shown(renderPrtg(healthySample())))).toEqual(new Set(['up']));
  const channels = prtgOf(renderPrtg(healthySample())).result?.map(({ channel }) => channel);
  expect(channels).toEqual(expect.arrayContaining(['contoso ifd state', 'contoso ifd duration', 'contoso ifd days to the break']));
  expect(prtgOf(prtgError('CRM_PROBE_PASSWORD is not set:\nset it'))).toEqual({ error: 1, text: 'CRM_PROBE_PASSWORD is not set: set it' });
});

test('Checkmk gets a service for each target and route and one for the forecast, with the status of the verdict', () => {
  const lines = renderCheckmk(brokenSample()).trimEnd().split('\n');
  expect(lines[0]).toMatch(/^2 "CRM sign-in contoso internal" duration=1\.11 Broken: contoso, internal claims: /);
  expect(lines).toHaveLength(3);
  expect(renderCheckmk(healthySample())).toMatch(/^0 "CRM sign-in contoso forecast" days_left=\d+\.\d Sign-in is foreseen to break in/m);
  expect(renderCheckmk(unknownSample())).toMatch(/^3 "CRM sign-in contoso internal"/);
  expect(checkmkError('x\ny')).toBe('3 "CRM sign-in" - x y\n');
});

test('Zabbix gets the discovery, then the values of each route', () => {
  const lines = renderZabbix(healthySample()).trimEnd().split('\n');
  expect(lines[0]).toBe(
    '- signin.discovery "[{\\"{#TARGET}\\":\\"contoso\\",\\"{#ROUTE}\\":\\"internal\\"},{\\"{#TARGET}\\":\\"contoso\\",\\"{#ROUTE}\\":\\"ifd\\"}]"',
  );
  expect(lines).toContain('- signin.verdict[contoso,ifd] 0');
  expect(lines.some((line) => /^- signin\.daysleft\[contoso,ifd\] \d+(\.\d)?$/.test(line))).toBe(true);
});

for (const [name, sample] of Object.entries(sampleReports))
  test(`every line of the ${name} sample keeps its form with an attack in every text`, () => {
    const report = hostileReport(sample());
    expect(prtgOf(renderPrtg(report)).text.length).toBeLessThanOrEqual(2000);
    for (const line of renderCheckmk(report).trimEnd().split('\n')) expect(line).toMatch(/^[0-3] "[^"]+" (-|[a-z_]+=-?\d+(\.\d+)?) \S.*$/);
    for (const line of renderZabbix(report).trimEnd().split('\n')) expect(line).toMatch(/^- signin\.[a-z]+(\[[^\]]+\])? (-?\d+(\.\d+)?|"(?:[^"\\]|\\.)*")$/);
  });
