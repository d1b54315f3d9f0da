import { expect, test } from '@playwright/test';
import { forecastReportSchema, type TargetForecast } from '../contracts/forecast';
import { foldLine, renderForecastCalendar } from './forecast-calendar';
import { renderForecastNagios, renderForecastPrometheus } from './forecast-monitoring';
import { renderForecastText } from './forecast-text';
import { renderHtml } from './html';
import { renderMarkdown } from './markdown';
import { renderTerminal } from './terminal';
import { attack } from './testing/hostile';
import { healthySample } from './testing/sample-reports';
import { forecastReport, hostileForecast, targetForecast } from './testing/sample-forecasts';

interface Component {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly parts: readonly Component[];
}

/** A reader of its own: unfolds, takes components apart, undoes the escapes; refuses what RFC 5545 does not allow. */
function readCalendar(text: string): Component {
  expect(text.endsWith('\r\n')).toBe(true);
  const physical = text.slice(0, -2).split('\r\n');
  for (const line of physical) {
    expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75);
    expect(line).not.toMatch(/[\r\n\u0000-\u0008\u000B-\u001F\u007F]/);
    expect(Buffer.from(line).toString()).toBe(line); // no character cut in two
  }
  const lines = physical.join('\r\n').replace(/\r\n /g, '').split('\r\n');
  const read = (): Component => {
    const name = /^BEGIN:([A-Z]+)$/.exec(lines.shift()!)![1]!;
    const properties: Record<string, string> = {};
    const parts: Component[] = [];
    while (lines[0] !== `END:${name}`) {
      if (lines[0]!.startsWith('BEGIN:')) {
        parts.push(read());
        continue;
      }
      const [, key, value] = /^([A-Z-]+(?:;[A-Z]+=[A-Z-]+)*):(.*)$/.exec(lines.shift()!)!;
      if (['SUMMARY', 'DESCRIPTION'].includes(key!)) expect(value).toMatch(/^(?:[^\\;,]|\\[\\;,n])*$/);
      expect(properties[key!], key).toBeUndefined();
      properties[key!] = value!.replace(/\\([\\;,n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    }
    lines.shift();
    return { name, properties, parts };
  };
  const calendar = read();
  expect(lines).toEqual([]);
  return calendar;
}

test('the sample passes the schema', () => {
  expect(forecastReportSchema.safeParse(forecastReport()).success).toBe(true);
});

test('the calendar has one event per date ahead, with its end, its text unharmed, and alarms at 30, 14, 7, 3 and 1 days', () => {
  const { properties, parts } = readCalendar(renderForecastCalendar(forecastReport()));
  expect(properties).toMatchObject({ VERSION: '2.0', 'X-WR-CALNAME': 'CRM sign-in forecast' });
  expect(parts.map((event) => event.properties.DTSTART)).toEqual(['20251121T222031Z', '20251210T000000Z', '20260801T000000Z', '20260901T000000Z']);
  const [signing, tls, , decrypting] = parts;
  expect(signing!.properties).toMatchObject({ DTSTAMP: '20251118T024710Z', DTEND: '20251122T102031Z', STATUS: 'CONFIRMED', SEQUENCE: '1' });
  expect(signing!.properties.DESCRIPTION).toBe(
    '2BD7901E… was made 2025-11-16 22:20 UTC, and waits; AD FS makes it primary in place of 8F31C40A… – Größe „überprüfen“.\n\n' +
      '1. Book a window, then read the thresholds.\n   Get-AdfsProperties | Format-List A, B',
  );
  expect(signing!.parts.map((alarm) => [alarm.name, alarm.properties.ACTION, alarm.properties.TRIGGER])).toEqual(
    [30, 14, 7, 3, 1].map((days) => ['VALARM', 'DISPLAY', `-P${days}D`]),
  );
  expect(tls!.properties.SUMMARY).toContain('contoso.contoso.com, auth.contoso.com');
  expect(tls!.properties.DESCRIPTION).toContain('Renew it in time.');
  expect(decrypting!.parts).toEqual([]);
});

test('identifiers of events stay when the date becomes better known, and differ between targets and certificates', () => {
  const uids = (...results: readonly TargetForecast[]) =>
    readCalendar(renderForecastCalendar({ ...forecastReport(...results), at: '2025-10-01T00:00:00.000Z' })).parts.map((event) => event.properties.UID!);
  const { forecast } = targetForecast();
  const before = uids(targetForecast({ forecast: { ...forecast, state: 'steady', breaksAt: '2025-11-20T00:00:00.000Z' } }));
  expect(uids(targetForecast())).toEqual(before);
  const all = uids(targetForecast(), targetForecast({ target: 'fabrikam' }));
  expect(new Set(all).size).toBe(all.length);
  for (const uid of all) expect(uid).toMatch(/^[a-z0-9.-]+@signin-probe$/);
});

test('a calendar is never empty: a promotion, and a forecast that is not possible, are events of today', () => {
  const { forecast } = targetForecast();
  const promoted = targetForecast({ forecast: { ...forecast, state: 'promoted', breaksAt: null }, expiries: [] });
  const unknown = targetForecast({ forecast: { ...forecast, state: 'unknown', breaksAt: null }, signing: null, expiries: [] });
  for (const result of [promoted, unknown]) {
    const { parts } = readCalendar(renderForecastCalendar(forecastReport(result)));
    expect(parts.map((event) => event.properties['DTSTART;VALUE=DATE'])).toEqual(['20251118']);
  }
});

test('lines are folded at 75 octets, never inside a character', () => {
  const line = `DESCRIPTION:${'ä€😀'.repeat(40)}`;
  const folded = foldLine(line).split('\r\n');
  expect(folded.every((part) => Buffer.byteLength(part) <= 75)).toBe(true);
  expect(folded.join('\r\n').replace(/\r\n /g, '')).toBe(line);
  expect(foldLine('A'.repeat(75))).toBe('A'.repeat(75));
});

test('the plugin line tells the date, and days left with their ranges', () => {
  expect(renderForecastNagios(forecastReport())).toBe(
    'SIGNIN FORECAST AT RISK - contoso: sign-in will break about 2025-11-21 22:20 UTC (up to 12 h later), when AD FS promotes its next signing ' +
      'certificate | contoso_signing=3.8;30:;0: contoso_tls_contoso_contoso_com=21.9;30:;0: contoso_crm-encryption_auth_contoso_com=255.9;30:;0:\n',
  );
  const { forecast } = targetForecast();
  const steady = {
    ...forecastReport(targetForecast({ verdict: 'healthy', forecast: { ...forecast, state: 'steady' }, expiries: [] })),
    verdict: 'healthy' as const,
  };
  expect(renderForecastNagios(steady)).toMatch(/^SIGNIN FORECAST HEALTHY - contoso: next break 21 Nov 2025, in 3 days \| contoso_signing=3\.8;30:;0:\n$/);
});

test('the textfile follows the exposition format and has the date, the state and the end of each certificate', () => {
  const text = renderForecastPrometheus(forecastReport());
  expect(text).toContain('signin_probe_forecast_breaks_timestamp_seconds{target="contoso"} 1763763631\n');
  expect(text).toContain('signin_probe_forecast_state{target="contoso",state="window-open"} 1\n');
  expect(text).toContain('signin_probe_forecast_tolerance_seconds{target="contoso"} 43200\n');
  expect(text).toContain('signin_probe_expiry_timestamp_seconds{target="contoso",what="tls",host="auth.contoso.com"} 1765324800\n');
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="(?:[^"\\\n]|\\\\|\\")*",?)+\})? -?\d+)$/);
});

test('the text tells the date first, then the other certificates once each, what to do by when, and what is not seen', () => {
  const text = renderForecastText(forecastReport(), { color: false });
  expect(text).toMatch(/^! contoso: at risk\n {2}Sign-in breaks {2}21 Nov 2025 22:20 UTC, in 3 days \(or up to 12 h later\)\n/);
  expect(text).toContain('! 10 Dec 2025 in 21 days');
  expect(text.match(/TLS certificate/g)).toHaveLength(1);
  expect(text).toContain('To do by 21 Nov 2025 22:20 UTC');
  expect(text).toContain('        Get-AdfsProperties | Format-List A, B');
  expect(text).toContain('- password: ');
  expect(renderForecastText(forecastReport(), { color: true })).toContain('\u001B[33;1m');
});

test('a hostile server breaks no format', () => {
  const report = hostileForecast(attack);
  readCalendar(renderForecastCalendar(report));
  expect(renderForecastNagios(report)).toMatch(/^SIGNIN FORECAST AT RISK - [^|\n]+ \| [^|\n]+\n$/);
  for (const line of renderForecastPrometheus(report).trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="(?:[^"\\\n]|\\\\|\\")*",?)+\})? -?\d+)$/);
  expect(renderForecastText(report, { color: false })).not.toContain('\u001B');
});

test('a run’s report tells what else ends within warnDays, each certificate once for both routes, and nothing of what is far off', () => {
  const sample = healthySample();
  const { expiries } = targetForecast();
  const report = { ...sample, results: sample.results.map((result) => ({ ...result, expiries })) };
  const words = 'TLS certificate of contoso.contoso.com, auth.contoso.com: ends 10 Dec 2025, in 2';
  for (const text of [renderHtml(report, {}), renderMarkdown(report).replace(/\\/g, ''), renderTerminal(report, { color: false, columns: 400 })]) {
    expect(text.split(words)).toHaveLength(2);
    expect(text).not.toContain('CRM encryption certificate of');
  }
  expect(renderTerminal(sample, { color: false })).not.toContain('Ends soon');
});
