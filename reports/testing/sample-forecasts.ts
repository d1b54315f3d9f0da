import type { ForecastReport, TargetForecast } from '../../contracts/forecast';
import type { Expiry } from '../../contracts/report';

/** Test material: a forecast report as `signin-probe forecast` would have made it. */

const expiry = (what: Expiry['what'], host: string, certificate: string, notAfter: string, daysLeft: number): Expiry => ({
  what,
  host,
  notAfter,
  daysLeft,
  breaksSignIn: what !== 'sts-encryption',
  text: `The certificate of ${host} ends; then, nothing works.`,
  refs: [`certificate:${certificate.repeat(40).slice(0, 40)}`, `tls:${host}`],
});

export const targetForecast = (over: Partial<TargetForecast> = {}): TargetForecast => ({
  target: 'contoso',
  sts: 'https://sts.contoso.com',
  verdict: 'at-risk',
  summary: 'at risk: sign-in will break about 2025-11-21 22:20 UTC (up to 12 h later), when AD FS promotes its next signing certificate',
  forecast: {
    state: 'window-open',
    breaksAt: '2025-11-21T22:20:31.000Z',
    toleranceHours: 12,
    event: 'promotion',
    why: '2BD7901E… was made 2025-11-16 22:20 UTC, and waits; AD FS makes it primary in place of 8F31C40A… – Größe „überprüfen“.',
  },
  signing: { primarySha1: '8F31C40A2D9E77B05512E0A1F6B3C9D84E2A7706', successorSha1: '2BD7901E6C45A8F3397E10DC4B52A96F08C1E4D3' },
  expiries: [
    expiry('tls', 'contoso.contoso.com', 'A1', '2025-12-10T00:00:00.000Z', 22),
    expiry('tls', 'auth.contoso.com', 'A1', '2025-12-10T00:00:00.000Z', 22),
    expiry('crm-encryption', 'auth.contoso.com', 'B2', '2026-08-01T00:00:00.000Z', 255),
    expiry('sts-encryption', 'sts.contoso.com', 'C3', '2026-09-01T00:00:00.000Z', 286),
  ],
  unseen: [{ what: 'password', why: 'AD FS announces it only inside tokens.' }],
  todo: [
    { by: '2025-11-21T22:20:31.000Z', text: 'Book a window, then read the thresholds.', command: 'Get-AdfsProperties | Format-List A, B' },
    { by: '2025-12-10T00:00:00.000Z', text: 'Renew it in time.' },
  ],
  warnDays: 30,
  ...over,
});

export const forecastReport = (...results: readonly TargetForecast[]): ForecastReport => ({
  schema: 1,
  at: '2025-11-18T02:47:10.000Z',
  tool: '1.0.0',
  verdict: 'at-risk',
  results: results.length > 0 ? [...results] : [targetForecast()],
});

/** Every text a probed server could choose is an attack. */
export const hostileForecast = (attack: string): ForecastReport => {
  const sample = targetForecast();
  return forecastReport({
    ...sample,
    summary: `at risk: ${attack}`,
    forecast: { ...sample.forecast, why: attack },
    signing: { primarySha1: attack, successorSha1: attack },
    expiries: sample.expiries.map((each) => ({ ...each, host: attack, text: attack, refs: [`certificate:${attack}`] })),
    unseen: [{ what: attack, why: attack }],
    todo: [{ by: sample.forecast.breaksAt, text: attack, command: attack }],
  });
};
