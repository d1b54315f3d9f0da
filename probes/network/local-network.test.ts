import { expect, test } from '@playwright/test';
import { isLocalAddress, localNetworkRule } from './local-network';
import type { Lookup } from './lookup';

/** A name server of these names that counts what it is asked; the rest is unknown to it. */
function lookupOf(names: Readonly<Record<string, readonly string[]>>, waitMs = 0): Lookup & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    facts: () => [],
    lookup: async (host) => {
      asked.push(host);
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
      const addresses = [...(names[host] ?? [])];
      return { host, addresses, error: addresses.length > 0 ? null : 'ENOTFOUND', source: 'dns', address: addresses[0] ?? null, durationMs: 0 };
    },
  };
}
const nobody = lookupOf({});

const target = {
  url: 'https://crm.contoso.com/main.aspx',
  stsOrigin: 'https://127.0.0.1:8443',
  metadata: { sts: 'https://127.0.0.1:8443/m', crm: 'https://crm.contoso.com/m' },
  allowHosts: ['10.1.2.3'],
};

test('addresses of this machine and of private networks are local, whatever way they are written', () => {
  for (const address of [
    '127.0.0.1',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
  ])
    expect(isLocalAddress(address), address).toBe(true);
  for (const address of ['8.8.8.8', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2606:4700::1', 'crm.contoso.com', ''])
    expect(isLocalAddress(address), address).toBe(false);
});

test('a page reaches a local address only where the configuration names that very host and port, or allows the host', async () => {
  const objection = localNetworkRule(target, nobody);
  for (const asked of [
    'http://127.0.0.1:9200/',
    'https://127.0.0.1/',
    'http://localhost:22/',
    'http://localhost.:22/',
    'http://127.0.0.1./',
    'http://a.localhost/',
    'http://[::1]:80/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://169.254.169.254/latest',
    'file:///etc/passwd',
  ])
    expect(objection(asked), asked).not.toBeNull();
  for (const asked of [
    'https://127.0.0.1:8443/adfs/ls',
    'https://crm.contoso.com/x',
    'https://auth.contoso.com/',
    'http://10.1.2.3:99/',
    'https://cdn.example.com/a.js',
    'data:,x',
    'blob:https://x/1',
    'about:blank',
    'no address',
  ])
    expect(await objection(asked), asked).toBeNull();
});

const onSite = {
  'crm.contoso.com': ['10.0.0.5'],
  'sts.contoso.com': ['10.0.0.6'],
  'auth.contoso.com': ['10.0.0.5'],
  'assets.corp.local': ['10.9.9.9'],
  'cdn.example.com': ['93.184.216.34'],
  'rebound.example.com': ['127.0.0.1'],
  'metadata.example.com': ['169.254.169.254'],
  'both.example.com': ['93.184.216.34', '::1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'nothing.example.com': ['0.0.0.0'],
};
const named = {
  url: 'https://crm.contoso.com/main.aspx',
  stsOrigin: 'https://sts.contoso.com',
  metadata: { sts: 'https://sts.contoso.com/m', crm: 'https://crm.contoso.com/m' },
};

test('on site, private addresses behind names are nothing special; a name of this machine is refused wherever it comes from', async () => {
  const objection = localNetworkRule(named, lookupOf(onSite));
  for (const asked of [
    'https://auth.contoso.com/',
    'https://assets.corp.local/logo.png',
    'https://cdn.example.com/a.js',
    'https://unknown.example.com/',
    'https://auth.contoso.com./',
  ])
    expect(await objection(asked), asked).toBeNull();
  for (const asked of [
    'http://rebound.example.com:9200/',
    'http://metadata.example.com/latest',
    'https://both.example.com/',
    'http://mapped.example.com/',
    'http://nothing.example.com:22/',
    'http://REBOUND.example.com./',
  ])
    expect(await objection(asked), asked).toMatch(/an address of this machine that the configuration does not name \(allowHosts would allow it\)$/);
});

test('from outside, private addresses are refused too, except in the domain of a configured host', async () => {
  const outside = { ...onSite, 'crm.contoso.com': ['93.184.216.1'], 'sts.contoso.com': ['93.184.216.2'] };
  const objection = localNetworkRule(named, lookupOf(outside));
  expect(await objection('https://assets.corp.local/logo.png')).toMatch(/10\.9\.9\.9, an address of a private network, where no configured host is/);
  expect(await objection('https://auth.contoso.com/')).toBeNull();
  const behindProxy = localNetworkRule(named, lookupOf({ 'assets.corp.local': ['10.9.9.9'] }));
  expect(await behindProxy('https://assets.corp.local/logo.png'), 'configured hosts are not known here').toBeNull();
});

test('where the configured hosts are on the machine itself, so may the next hop be, at the same address and port', async () => {
  const here = { 'crm.contoso.com': ['127.0.0.1'], 'sts.contoso.com': ['10.0.0.6'], 'auth.contoso.com': ['127.0.0.1'] };
  const objection = localNetworkRule(named, lookupOf(here));
  expect(await objection('https://auth.contoso.com/')).toBeNull();
  expect(await objection('https://auth.contoso.com:9200/')).toMatch(/127\.0\.0\.1/);
});

test('configured and allowed names, pinned ones and farm nodes are never looked up, others once', async () => {
  const lookup = lookupOf({ 'rebound.example.com': ['127.0.0.1'] });
  const objection = localNetworkRule(
    { ...named, resolve: { 'auth.contoso.com': '127.0.0.1' }, nodes: { 'farm.contoso.com': [] }, allowHosts: ['printer.local'] },
    lookup,
  );
  for (const asked of ['https://crm.contoso.com:444/', 'https://auth.contoso.com/', 'https://farm.contoso.com/', 'http://printer.local:631/'])
    expect(objection(asked), asked).toBeNull();
  expect(lookup.asked).toEqual([]);
  await Promise.all([objection('http://rebound.example.com/a'), objection('http://rebound.example.com/b')]);
  expect(typeof objection('http://rebound.example.com/c')).toBe('string');
  expect(lookup.asked.filter((host) => host === 'rebound.example.com')).toHaveLength(1);
});

test('a slow name server holds nothing up for long, and a page cannot ask for names without end', async () => {
  const startedAt = performance.now();
  expect(await localNetworkRule(named, lookupOf({ 'slow.example.com': ['127.0.0.1'] }, 30_000))('https://slow.example.com/')).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  const objection = localNetworkRule(named, lookupOf({}));
  for (let index = 0; index < 100; index++) expect(await objection(`https://n${index}.example.com/`)).toBeNull();
  expect(await objection('https://n100.example.com/')).toBe('a page asked for more than 100 hosts');
});
