import { expect, test } from '@playwright/test';
import { diagnose } from '../diagnose';
import { judged } from '../testing/judged';
import { exchange, failed, lastGood, sample, upToToken } from '../testing/sample-evidence';
import { dnsMissingOrWrongTarget as rule } from './dns-missing-or-wrong-target';

const journey = failed('dns', { credentialSubmissions: 0 });
const redirect = upToToken('ifd').slice(0, 1);
const dead = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_TUNNEL_CONNECTION_FAILED' });
const facts = (error: string | null, addresses: string[] = []) => [{ host: 'sts.contoso.com', addresses, error, source: 'dns' as const }];

test('confirmed when a host of the flow has no record', () => {
  const { outcome, text, refs } = judged(rule, sample('ifd', { journey, exchanges: [...redirect, dead], dns: facts('ENOTFOUND') }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('sts.contoso.com does not resolve (ENOTFOUND, asked the configured DNS server)');
  expect(refs).toContain('dns:sts.contoso.com');
});

test("confirmed by the browser's own error, probable when the resolver was silent", () => {
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, { ...dead, failure: 'net::ERR_NAME_NOT_RESOLVED' }], dns: [] })).outcome).toBe(
    'confirmed',
  );
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, dead], dns: facts('ETIMEOUT') })).outcome).toBe('probable');
});

test('confirmed when the address changed and the new one does not answer', () => {
  const moved = sample('ifd', {
    journey: failed('sts-page'),
    exchanges: [...redirect, { ...dead, failure: 'net::ERR_CONNECTION_REFUSED' }],
    dns: facts(null, ['10.9.9.9']),
    lastGood: lastGood('ifd'),
  });
  const { outcome, text } = judged(rule, moved);
  expect(outcome).toBe('confirmed');
  expect(text).toContain('10.9.9.9');
  expect(text).toContain('10.0.0.5');
});

test('every step about a name names the one that does not resolve, and no other', () => {
  const missing = { host: 'auth.contoso.com', addresses: [], error: 'ENOTFOUND', source: 'system' as const };
  const auth = exchange(2, { url: 'https://auth.contoso.com/', status: null, failure: 'net::ERR_NAME_NOT_RESOLVED' });
  const good = sample('ifd');
  const dns = [...good.dns.filter(({ host }) => host !== 'auth.contoso.com'), missing];
  const [first] = diagnose({
    schema: 1,
    run: { id: 'x', startedAt: good.startedAt, finishedAt: good.finishedAt, label: null, location: null, tool: 't', browser: 'b' },
    results: [{ ...good, journey, exchanges: [{ ...redirect[0]!, location: 'https://auth.contoso.com/' }, auth], dns, lastGood: null }],
  }).results[0]!.causes;
  expect(first?.id).toBe('dns-missing-or-wrong-target');
  const commands = first?.remedy.flatMap(({ text, command }) => [text, command ?? '']) ?? [];
  expect(commands).toContain('Resolve-DnsName auth.contoso.com');
  expect(commands).toContain("Add-DnsServerResourceRecordA -ZoneName 'contoso.com' -Name 'auth' -IPv4Address '<address>'");
  for (const text of commands) expect(text).not.toMatch(/(?<!\w)(?:contoso\.contoso\.com|sts\.contoso\.com)|both names/);
});

test('clear when every name resolves as before', () => expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear'));

test('cannot tell when names were not resolved', () =>
  expect(judged(rule, sample('ifd', { journey: failed('sts-page'), exchanges: redirect, dns: [] })).outcome).toBe('cannot-tell'));
