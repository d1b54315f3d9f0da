import { expect, test } from '@playwright/test';
import { targetForecastSchema } from '../contracts/forecast';
import { forecastTarget, type OutlookEvidence } from './forecast-target';
import { certificate, crmMetadata, lastGood, newSigning, oldSigning, stsMetadata, tlsFacts } from './testing/sample-evidence';

const evidence: OutlookEvidence = {
  target: 'contoso',
  settings: {
    url: 'https://contoso.contoso.com/main.aspx',
    stsOrigin: 'https://sts.contoso.com',
    rollover: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
    warnDays: 30,
  },
  tls: [tlsFacts('sts.contoso.com')],
  stsMetadata: stsMetadata(),
  crmMetadata: crmMetadata('ifd'),
  clocks: [],
  lastGood: [],
  at: '2026-03-02T09:00:00.000Z',
  unseen: [],
};
const of = (over: Partial<OutlookEvidence> = {}) => targetForecastSchema.parse(forecastTarget({ ...evidence, ...over }));
const commands = (over: Partial<OutlookEvidence>): string =>
  of(over)
    .todo.map(({ command }) => command)
    .join('\n');

test('nothing near is healthy; a window open, a near date, or a certificate that ends soon is at risk; one that has ended is broken', () => {
  expect(of()).toMatchObject({ verdict: 'healthy', forecast: { state: 'steady' } });
  expect(of({ stsMetadata: stsMetadata(oldSigning, newSigning) })).toMatchObject({ verdict: 'at-risk', forecast: { state: 'window-open' } });
  expect(of({ at: '2026-07-25T00:00:00.000Z' })).toMatchObject({ verdict: 'at-risk', forecast: { state: 'steady' } });
  const soon = (notAfter: string) => ({ tls: [tlsFacts('sts.contoso.com', { chain: [certificate('tls', { notAfter })] })] });
  expect(of(soon('2026-03-20T00:00:00.000Z'))).toMatchObject({ verdict: 'at-risk', forecast: { state: 'steady' } });
  expect(of(soon('2026-03-20T00:00:00.000Z')).summary).toContain('the TLS certificate of sts.contoso.com ends 2026-03-20');
  expect(of(soon('2026-03-01T00:00:00.000Z')).verdict).toBe('broken');
  expect(of({ at: '2026-09-01T00:00:01.000Z', tls: [], crmMetadata: null }).verdict).toBe('broken');
});

test('a promotion is at risk, never broken: whether CRM follows is not seen without a sign-in', () => {
  const after = { stsMetadata: stsMetadata(newSigning, oldSigning) };
  expect(of(after)).toMatchObject({ verdict: 'at-risk', forecast: { state: 'promoted' } });
  expect(of({ ...after, lastGood: [lastGood('ifd', { stsPrimarySha1: oldSigning.sha1 })] })).toMatchObject({
    verdict: 'at-risk',
    forecast: { state: 'promoted' },
  });
});

test('the newest last good state of the routes counts, for CRM trusts one certificate for both', () => {
  const after = { stsMetadata: stsMetadata(newSigning, oldSigning) };
  const stale = lastGood('ifd', { stsPrimarySha1: oldSigning.sha1, savedAt: '2026-02-01T00:00:00.000Z' });
  const fresh = lastGood('internal', { stsPrimarySha1: newSigning.sha1, savedAt: '2026-03-01T00:00:00.000Z' });
  expect(of({ ...after, lastGood: [stale, fresh] }).forecast.state).toBe('steady');
});

test('metadata that cannot be read, or a host that does not answer, is unknown', () => {
  expect(of({ stsMetadata: { ok: false, url: 'https://sts.contoso.com/x', status: 503, why: 'status 503' } })).toMatchObject({
    verdict: 'unknown',
    signing: null,
  });
  expect(of({ unseen: [{ what: 'tls:auth.contoso.com', why: 'no answer' }] }).verdict).toBe('unknown');
  expect(of({ unseen: [{ what: 'metadata:crm', why: 'none' }] }).verdict).toBe('healthy');
});

test('AD FS’s own clock decides where the rollover stands', () => {
  const clocks = [{ host: 'sts.contoso.com', role: 'sts', offsetMs: 150 * 86_400_000, uncertaintyMs: 1000, source: 'Date' }] as const;
  expect(of().verdict).toBe('healthy');
  expect(of({ clocks: [...clocks] }).verdict).toBe('at-risk');
});

test('what to do fits the state, with the date to do it by', () => {
  expect(commands({})).toContain('Get-AdfsProperties');
  const open = of({ stsMetadata: stsMetadata(oldSigning, newSigning) });
  expect(open.todo.every(({ by }) => by === open.forecast.breaksAt)).toBe(true);
  expect(commands({ stsMetadata: stsMetadata(oldSigning, newSigning) })).toMatch(
    /Set-AdfsProperties -AutoCertificateRollover \$false[\s\S]*Set-AdfsCertificate[\s\S]*iisreset/,
  );
  expect(of({ stsMetadata: stsMetadata(newSigning, oldSigning) }).todo[0]).toMatchObject({ by: null, command: 'npx signin-probe run contoso' });
  expect(commands({ at: '2026-08-30T06:00:00.000Z' })).toContain('Update-AdfsCertificate -CertificateType Token-Signing -Urgent');
  expect(commands({ stsMetadata: null })).toBe('npx signin-probe check contoso');
  const ending = [certificate('tls', { notAfter: '2026-03-20T00:00:00.000Z' })];
  expect(commands({ tls: [tlsFacts('sts.contoso.com', { chain: ending })] })).toContain('Set-AdfsSslCertificate');
  const renewals = of({ tls: ['contoso.contoso.com', 'auth.contoso.com'].map((host) => tlsFacts(host, { chain: ending })) }).todo.filter(
    ({ by }) => by === '2026-03-20T00:00:00.000Z',
  );
  expect(renewals).toHaveLength(1);
  expect(renewals[0]?.text).toContain('contoso.contoso.com and auth.contoso.com');
});

test('that the end of the password cannot be seen is said, not guessed', () => {
  expect(of().unseen.map(({ what }) => what)).toContain('password');
});

test('commands of AD FS are left out where the metadata shows another STS, and the steps say so', () => {
  const metadata = stsMetadata(oldSigning, newSigning);
  const other = { ...metadata, entityId: 'urn:other:idp', passiveEndpoints: ['https://sts.contoso.com/wsfed'] };
  expect(commands({ stsMetadata: metadata })).toContain('-Adfs');
  const { todo } = of({ stsMetadata: other });
  expect(commands({ stsMetadata: other })).not.toMatch(/-Adfs|AD FS/);
  expect(todo.map(({ text }) => text).join()).toContain('https://sts.contoso.com is not AD FS');
  for (const { by } of todo) expect(by).not.toBeUndefined();
});
