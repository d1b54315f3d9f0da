import { expect, test } from '@playwright/test';
import { closedPort, httpServer } from '../testing/test-server';
import { directWay, namesProxy } from './direct-way';
import { createLookup } from './lookup';

const lookup = createLookup({ resolve: {}, dns: null });
test.beforeAll(() => {
  for (const name of Object.keys(process.env)) if (/^(https?|all)_proxy$/i.test(name)) delete process.env[name];
});

test('there is a direct way where every host can be connected to', async () => {
  const server = await httpServer((_, response) => response.end());
  const there = `https://127.0.0.1:${server.port}/adfs/ls/`;
  expect(await directWay([there, there], lookup)).toBe(true);
  expect(await directWay([there, `https://127.0.0.1:${await closedPort()}/`], lookup)).toBe(false);
  await server.close();
});

test('there is none where a variable names a proxy', async () => {
  const server = await httpServer((_, response) => response.end());
  process.env.https_proxy = 'http://proxy.contoso.com:3128';
  expect(await directWay([`https://127.0.0.1:${server.port}/`], lookup)).toBe(false);
  delete process.env.https_proxy;
  await server.close();
});

test('nor where the settings of Windows or macOS name one; automatic detection alone names none', () => {
  expect(namesProxy('    ProxyEnable    REG_DWORD    0x1\r\n    ProxyServer    REG_SZ    proxy:8080\r\n')).toBe(true);
  expect(namesProxy('    ProxyEnable    REG_DWORD    0x0\r\n    AutoConfigURL    REG_SZ    http://wpad/wpad.dat\r\n')).toBe(true);
  expect(namesProxy('    ProxyEnable    REG_DWORD    0x0\r\n    AutoDetect    REG_DWORD    0x1\r\n')).toBe(false);
  expect(namesProxy('<dictionary> {\n  HTTPSEnable : 1\n  HTTPSPort : 3128\n}')).toBe(true);
  expect(namesProxy('<dictionary> {\n  HTTPEnable : 0\n  ProxyAutoDiscoveryEnable : 1\n}')).toBe(false);
  expect(namesProxy('')).toBe(false);
});
