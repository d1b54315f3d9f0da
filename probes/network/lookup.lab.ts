import { createSocket } from 'node:dgram';
import { expect, test } from '@playwright/test';
import { createLookup } from './lookup';

/** A DNS server that knows A records of some names and says NXDOMAIN (or the given code) to the rest. */
async function dnsServer(records: Readonly<Record<string, string>>, otherwise = 3): Promise<{ address: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    let at = 12;
    const labels: string[] = [];
    for (let length = query[at]!; length > 0; length = query[(at += length + 1)]!) labels.push(query.subarray(at + 1, at + 1 + length).toString());
    const name = labels.join('.');
    const type = query.readUInt16BE(at + 1);
    asked.push(`${name} ${type === 1 ? 'A' : 'AAAA'}`);
    const address = records[name];
    const answers = address && type === 1 ? 1 : 0;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (address ? 0 : otherwise), 2);
    head.writeUInt16BE(answers, 6);
    head.writeUInt32BE(0, 8);
    const answer = answers ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...address!.split('.').map(Number)]) : Buffer.alloc(0);
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), answer]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() };
}

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
