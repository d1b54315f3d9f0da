/** `sts:` of the configuration names another STS than the one CRM sends people to: the configuration is at fault, not the deployment. */
import { expect, test } from '@playwright/test';
import type { RouteEvidence } from '../contracts/evidence';
import type { Result } from '../contracts/report';
import { diagnose } from './diagnose';
import { exchange, failed, sample, stsMetadata, upToToken } from './testing/sample-evidence';

const only = (result: RouteEvidence): Result => {
  const run = { id: 'x', startedAt: result.startedAt, finishedAt: result.finishedAt, label: null, location: null, tool: 't', browser: 'b' };
  return diagnose({ schema: 1, run, results: [result] }).results[0]!;
};
/** `sts: https://stss.contoso.com`, of which there is no such name. */
const mistyped = (over: Partial<RouteEvidence> = {}): RouteEvidence => {
  const base = sample('ifd');
  return sample('ifd', {
    settings: { ...base.settings, stsOrigin: 'https://stss.contoso.com' },
    dns: [...base.dns, { host: 'stss.contoso.com', addresses: [], error: 'ENOTFOUND', source: 'system' }],
    tls: base.tls.filter(({ host }) => !host.startsWith('sts')),
    stsMetadata: { ok: false, url: 'https://stss.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml', status: null, why: 'getaddrinfo ENOTFOUND' },
    stsSamples: null,
    journey: failed('credentials', {
      symptom: 'other',
      credentialSubmissions: 0,
      withheld: 'not given: the form is at https://sts.contoso.com, and only https://stss.contoso.com (the configured sts) may be given the password',
      why: 'https://sts.contoso.com showed a sign-in form.',
    }),
    exchanges: upToToken('ifd').slice(0, 2),
    pages: base.pages.slice(0, 1),
    lastGood: null,
    whoAmI: null,
    token: null,
    ...over,
  });
};
const said = /CRM redirects to another STS: https:\/\/sts\.contoso\.com; configured: https:\/\/stss\.contoso\.com/;

test('a mistyped sts is said as that, is the probe’s own fault, and nobody is told to create records', () => {
  const { verdict, summary, why, causes, parked } = only(mistyped());
  expect(verdict).toBe('unknown');
  expect(parked).toBeNull();
  for (const text of [summary, why]) expect(text).toMatch(said);
  expect(why).toContain('sts: https://sts.contoso.com');
  expect(JSON.stringify(causes)).not.toMatch(/stss|Add-DnsServerResourceRecord/);
});

test('the same where the configured name exists, and its own server is sick or another’s', () => {
  const dns = mistyped().dns.map((each) => (each.host === 'stss.contoso.com' ? { ...each, error: null, addresses: ['10.9.9.9'] } : each));
  for (const metadata of [stsMetadata(), { ok: false as const, url: 'https://stss.contoso.com/x', status: 503, why: 'HTTP 503' }]) {
    const { verdict, summary, causes } = only(mistyped({ dns, stsMetadata: metadata }));
    expect(verdict).toBe('unknown');
    expect(summary).toMatch(said);
    expect(causes).toEqual([]);
  }
});

test('a fault of the STS that CRM does send people to keeps its cause, and the difference is said beside it', () => {
  const dead = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_NAME_NOT_RESOLVED' });
  const dns = mistyped().dns.map((each) => (each.host === 'sts.contoso.com' ? { ...each, error: 'ENOTFOUND', addresses: [] } : each));
  const { verdict, why, causes } = only(mistyped({ dns, exchanges: [upToToken('ifd')[0]!, dead], journey: failed('dns', { credentialSubmissions: 0 }) }));
  expect(verdict).toBe('broken');
  expect(causes[0]).toMatchObject({ id: 'dns-missing-or-wrong-target', certainty: 'confirmed' });
  expect(causes[0]?.because.map(({ text }) => text).join()).toContain('sts.contoso.com does not resolve');
  expect(JSON.stringify(causes)).not.toContain('stss.contoso.com does not resolve');
  expect(why).toMatch(said);
});

test('nothing is said where CRM sends people to the configured STS, which may send them on, or where no redirect was seen', () => {
  const upstream = exchange(3, { url: 'https://login.partner.example/adfs/ls/?wa=wsignin1.0&wtrealm=x', wsfed: { wa: 'wsignin1.0', wtrealm: 'x' } });
  for (const evidence of [
    sample('ifd', { journey: failed('credentials', { withheld: 'x' }), exchanges: [...upToToken('ifd').slice(0, 2), upstream] }),
    mistyped({ exchanges: [] }),
  ])
    expect(JSON.stringify(only(evidence).why)).not.toContain('another STS');
});
