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
