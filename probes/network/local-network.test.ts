import { expect, test } from '@playwright/test';
import { isLocalAddress, localNetworkRule, localPatterns } from './local-network';

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

test('a page reaches a local address only where the configuration names that very host and port, or allows the host', () => {
  const objection = localNetworkRule(target);
  for (const asked of [
    'http://127.0.0.1:9200/',
    'https://127.0.0.1/',
    'http://localhost:22/',
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
    expect(objection(asked), asked).toBeNull();
});

test('every local address a browser writes matches a pattern that is watched', () => {
  const matches = (url: string): boolean =>
    localPatterns.some((pattern) => new RegExp(`^${pattern.replace(/[.[\]]/g, '\\$&').replaceAll('*', '.*')}$`).test(url));
  for (const url of [
    'http://127.0.0.1:9200/',
    'http://localhost/',
    'http://localhost:22/a',
    'http://a.localhost:1/',
    'http://[::1]/',
    'http://[fd00::1]:80/',
    'https://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'file:///etc/passwd',
  ])
    expect(matches(url), url).toBe(true);
});
