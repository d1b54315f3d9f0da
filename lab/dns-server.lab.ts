import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { test, expect } from '@playwright/test';
import { startDnsServer } from './dns-server';

test('the lab DNS answers A from its zone, AAAA with nothing, and NXDOMAIN for a name that was taken out', async () => {
  const server = await startDnsServer([['sts.contoso.test', '127.0.0.1']]);
  try {
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.port}`]);
    expect(await resolver.resolve4('STS.contoso.test')).toEqual(['127.0.0.1']);
    await expect(resolver.resolve6('sts.contoso.test')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(resolver.resolve4('other.contoso.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    server.zone.delete('sts.contoso.test');
    await expect(resolver.resolve4('sts.contoso.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(server.queries.get('sts.contoso.test')).toBe(3);
  } finally {
    await server.close();
  }
});

test('what is no query is answered as that, under its own id, and the server lives on', async () => {
  const server = await startDnsServer([['sts.contoso.test', '127.0.0.1']]);
  const socket = createSocket('udp4');
  try {
    const head = [0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
    const messages = {
      'no question': head,
      'a label without an end': [...head, 63, 97],
      'a name that points at itself': [...head, 0xc0, 12, 0, 1, 0, 1],
      'an answer': [0xab, 0xcd, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1],
    };
    for (const [name, message] of Object.entries(messages)) {
      socket.send(Buffer.from(message), server.port, '127.0.0.1');
      const [answer] = (await once(socket, 'message')) as [Buffer];
      expect([answer.readUInt16BE(0), (answer[2] ?? 0) & 0x80, (answer[3] ?? 0) & 0x0f], name).toEqual([0xabcd, 0x80, 1]);
    }
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.port}`]);
    expect(await resolver.resolve4('sts.contoso.test')).toEqual(['127.0.0.1']);
  } finally {
    socket.close();
    await server.close();
  }
});
