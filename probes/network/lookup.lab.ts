import { expect, test } from '@playwright/test';
import { dnsServer } from '../testing/dns-server';
import { createLookup } from './lookup';

test('a resolve: entry wins over everything and keeps the name', async () => {
  const lookup = createLookup({ resolve: { 'sts.contoso.test': '127.0.0.9' }, dns: '127.0.0.1:1' });
  expect(await lookup.lookup('STS.contoso.test')).toMatchObject({
    host: 'sts.contoso.test',
    address: '127.0.0.9',
    addresses: ['127.0.0.9'],
    error: null,
    source: 'resolve',
  });
});

test('the configured DNS server is asked once per name; a name it does not have is a fact with its code', async () => {
  const server = await dnsServer({ 'sts.contoso.test': '127.0.0.7' });
  const lookup = createLookup({ resolve: {}, dns: server.address });
  const [one, two] = await Promise.all([lookup.lookup('sts.contoso.test'), lookup.lookup('sts.contoso.test')]);
  expect(one).toMatchObject({ address: '127.0.0.7', source: 'dns', error: null });
  expect(two.address).toBe('127.0.0.7');
  expect(await lookup.lookup('nowhere.contoso.test')).toMatchObject({ address: null, addresses: [], error: 'ENOTFOUND', source: 'dns' });
  expect(server.asked.filter((question) => question === 'sts.contoso.test A')).toHaveLength(1);
  expect(lookup.facts()).toEqual([
    { host: 'sts.contoso.test', addresses: ['127.0.0.7'], error: null, source: 'dns' },
    { host: 'nowhere.contoso.test', addresses: [], error: 'ENOTFOUND', source: 'dns' },
  ]);
  server.close();
});

test('a server fault is tried again, then told', async () => {
  const server = await dnsServer({}, 2);
  const lookup = createLookup({ resolve: {}, dns: server.address });
  expect(await lookup.lookup('sts.contoso.test')).toMatchObject({ address: null, error: 'ESERVFAIL' });
  expect(server.asked.filter((question) => question.endsWith(' A'))).toHaveLength(3);
  server.close();
});

test('the system answers for the rest: localhost, addresses, and names that cannot exist', async () => {
  const lookup = createLookup({ resolve: {}, dns: null });
  expect((await lookup.lookup('localhost')).address).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(await lookup.lookup('[::1]')).toMatchObject({ host: '::1', address: '::1', source: 'system' });
  expect(await lookup.lookup('10.0.0.5')).toMatchObject({ address: '10.0.0.5', source: 'system' });
});

test('a name below localhost is the machine itself, as browsers take it, whatever the system says', async () => {
  const lookup = createLookup({ resolve: {}, dns: null });
  expect(await lookup.lookup('app.localhost')).toMatchObject({ addresses: ['127.0.0.1', '::1'], address: '127.0.0.1', error: null });
});
