import { expect, test } from '@playwright/test';
import { briefly, expiries, perCertificate, threatening } from './expiries';
import { certificate, crmEncryption, crmMetadata, decrypting, serverCertificate, stsMetadata, tlsFacts } from './testing/sample-evidence';

const settings = { url: 'https://contoso.contoso.com/main.aspx', stsOrigin: 'https://sts.contoso.com' };
const now = '2026-08-20T12:00:00.000Z';
const wildcard = certificate('*.contoso.com TLS', { selfSigned: false, notAfter: '2026-08-25T00:00:00.000Z' });

test('TLS of every host, CRM’s encryption and AD FS’s decrypting certificate are told, the nearest first', () => {
  const list = expiries({
    tls: [tlsFacts('sts.contoso.com'), tlsFacts('contoso.contoso.com', { chain: [wildcard] }), tlsFacts('auth.contoso.com', { chain: [wildcard] })],
    stsMetadata: stsMetadata(),
    crmMetadata: crmMetadata('ifd'),
    settings,
    now,
  });
  expect(list.map(({ what, host, daysLeft, breaksSignIn }) => [what, host, daysLeft, breaksSignIn])).toEqual([
    ['tls', 'contoso.contoso.com', 4, true],
    ['tls', 'auth.contoso.com', 4, true],
    ['tls', 'sts.contoso.com', 11, true],
    ['crm-encryption', 'auth.contoso.com', 11, true],
    ['sts-encryption', 'sts.contoso.com', 11, false],
  ]);
  expect(list[2]?.refs).toEqual([`certificate:${serverCertificate('sts.contoso.com').sha1}`, 'tls:sts.contoso.com']);
  expect(list.find(({ what }) => what === 'crm-encryption')?.refs).toContain(`certificate:${crmEncryption.sha1}`);
  expect(list.find(({ what }) => what === 'sts-encryption')?.refs).toContain(`certificate:${decrypting.sha1}`);
  expect(threatening(list, 5).map(({ host }) => host)).toEqual(['contoso.contoso.com', 'auth.contoso.com']);
  expect(perCertificate(threatening(list, 5)).map(briefly)).toEqual([
    'the TLS certificate of contoso.contoso.com and auth.contoso.com ends 2026-08-25 00:00 UTC',
  ]);
});

test('an authority’s certificate is told only when it ends before the server’s own; what has ended is told as ended', () => {
  const above = certificate('Contoso Issuing CA', { selfSigned: false, notAfter: '2026-08-20T11:00:00.000Z' });
  const list = expiries({ tls: [tlsFacts('sts.contoso.com', { chain: [wildcard, above] })], stsMetadata: null, crmMetadata: null, settings, now });
  expect(list.map(({ what, daysLeft }) => [what, daysLeft])).toEqual([
    ['tls-chain', -1],
    ['tls', 4],
  ]);
  expect(list[0]?.text).toContain('ended 2026-08-20 11:00 UTC');
  const lasting = certificate('lasting', { notAfter: '2030-01-01T00:00:00.000Z' });
  expect(expiries({ tls: [tlsFacts('sts.contoso.com', { chain: [wildcard, lasting] })], stsMetadata: null, crmMetadata: null, settings, now })).toHaveLength(1);
});

test('hosts without a handshake and documents that could not be read give nothing', () => {
  const unread = { ok: false, url: 'https://sts.contoso.com/x', status: 503, why: 'down' } as const;
  expect(expiries({ tls: [tlsFacts('sts.contoso.com', { chain: [] })], stsMetadata: unread, crmMetadata: unread, settings, now })).toEqual([]);
});
