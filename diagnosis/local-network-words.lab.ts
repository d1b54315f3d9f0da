import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, expect, test } from '@playwright/test';
import { localNetworkWords } from './facts/failure-words';

test('what the browser says when a public page asks for a private address is recognised', async () => {
  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end(request.url === '/page' ? '<!DOCTYPE html><title>page</title>' : 'inside');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell'].find(existsSync);
  // One port of this machine counts as a public address, so that the page on it is a stranger to the others.
  const other = createServer((_, response) => response.end('inside'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({
    ...(path ? { executablePath: path } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [`--ip-address-space-overrides=127.0.0.1:${port}=public`, `--unsafely-treat-insecure-origin-as-secure=http://127.0.0.1:${port}`],
  });
  try {
    const said: string[] = [];
    const page = await browser.newPage();
    page.on('console', (message) => said.push(message.text()));
    await page.goto(`http://127.0.0.1:${port}/page`);
    await page.evaluate((address) => fetch(address).catch(() => undefined), `http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    await expect.poll(() => said.filter((line) => localNetworkWords.test(line)).length, said.join('; ')).toBeGreaterThan(0);
  } finally {
    await browser.close();
    server.close();
    other.close();
  }
});
