/** Pages that reach for the machine the probe runs on: its network, its files, its screen, its memory. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { dnsServer } from '../../probes/testing/dns-server';
import { equipment, expectSignedIn, signInAbroad } from '../../probes/testing/foreign/foreign-world';
import { attemptSignIn } from '../../probes/testing/foreign/sign-in-attempt';
import { html, redirect, startVirtualHosts } from '../../probes/testing/foreign/virtual-hosts';

test.setTimeout(180_000);

/** A service of this machine that nobody named in a configuration. */
let canary: Server;
let port: number;
let visits = 0;
test.beforeAll(async () => {
  canary = createServer((_, response) => response.end('here'));
  canary.on('connection', () => (visits += 1));
  await new Promise<void>((resolve) => canary.listen(0, '0.0.0.0', resolve));
  ({ port } = canary.address() as AddressInfo);
});
test.afterAll(() => canary.close());
test.beforeEach(() => {
  visits = 0;
});

const note = (threat: string, attempts: number, leaks: number): void => {
  test
    .info()
    .annotations.push(
      { type: 'threat', description: threat },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );
};
const reaches = 'a page reaches what it must not: files, other hosts, the disk, the machine';

/** All the ways a page has to ask for an address. */
const ways = (place: string, index: number): string => `
  <img src="${place}/img"><iframe src="${place}/frame"></iframe><script src="${place}/script"></script><link rel="stylesheet" href="${place}/style">
  <link rel="preload" as="fetch" href="${place}/preload"><object data="${place}/object"></object><video src="${place}/video"></video>
  <script>
    fetch('${place}/fetch', { mode: 'no-cors' }).catch(() => 0); navigator.sendBeacon('${place}/beacon'); new XMLHttpRequest().open('GET', '${place}/xhr');
    try { new WebSocket('${place.replace(/^\w+:/, 'ws:')}/socket'); } catch {}
    try { const r = new RTCPeerConnection({ iceServers: [{ urls: '${place.replace(/^.*?:\/\//, 'turn:')}?transport=tcp', username: 'a', credential: 'b' }] }); \
r.createDataChannel('x'); r.createOffer().then((o) => r.setLocalDescription(o)); } catch {}
    try { new Worker(URL.createObjectURL(new Blob(["fetch('${place}/worker', { mode: 'no-cors' }).catch(() => 0)"]))); window.open('${place}/window${index}'); \
} catch {}
  </script>`;

test('no request of a page, its frames, windows, workers or scripts reaches an address of this machine that is not configured', async () => {
  const places = [
    `http://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    `http://2130706433:${port}`,
    `http://0.0.0.0:${port}`,
    `http://[::1]:${port}`,
    'file:///etc/passwd',
  ];
  const body = `<p>Busy</p>${places.map(ways).join('')}<form><input name="answer"></form>`;
  const world = await signInAbroad({ rp: { send: () => html('Reaching', body) }, deadlineMs: 15_000 });
  note(reaches, places.length * 13, visits);
  expect(visits).toBe(0);
  expect(world.journey).toMatchObject({ signedIn: 'no', failedAt: 'crm-redirect', credentialSubmissions: 0 });
});

test('a page that leads the browser to an address of this machine, or to a file, ends there and says so', async () => {
  for (const place of [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`, `http://localhost:${port}/`, `http://[::1]:${port}/`]) {
    const world = await signInAbroad({ rp: { send: () => redirect(place) } });
    expect(world.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 0 });
    expect(world.journey.why).toContain('an address of this machine or its network that the configuration does not name');
  }
  const byScript = await signInAbroad({
    rp: { send: () => html('File', '<p>Read it</p><script>location.href = "file:///etc/passwd"</script><form><input name="a"></form>') },
  });
  expect(JSON.stringify(byScript.evidence)).not.toContain('root:');
  note(reaches, 5, visits);
  expect(visits).toBe(0);
});

test('nor by a name: one that stands for this machine is looked up before it is asked for', async () => {
  const records = {
    'rebound.example.test': '127.0.0.1',
    'metadata.example.test': '169.254.169.254',
    'app.example.test': '127.0.0.1',
    'idp.example.test': '127.0.0.1',
  };
  const dns = await dnsServer(records);
  try {
    const places = [`http://rebound.example.test:${port}`, `https://rebound.example.test:${port}`, 'http://metadata.example.test', `http://localhost.:${port}`];
    const wishes = { dns: dns.address, deadlineMs: 15_000 };
    const parts = await signInAbroad({
      ...wishes,
      rp: { send: () => html('Reaching', `<p>Busy</p>${places.map(ways).join('')}<form><input name="answer"></form>`) },
    });
    expect(parts.journey).toMatchObject({ signedIn: 'no', failedAt: 'crm-redirect', credentialSubmissions: 0 });
    const hop = await signInAbroad({ ...wishes, rp: { send: () => redirect(`https://rebound.example.test:${port}/`) } });
    expect(hop.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 0 });
    expect(hop.journey.why).toContain('127.0.0.1, an address of this machine that the configuration does not name');
    note(reaches, places.length * 13 + 1, visits);
    expect(visits).toBe(0);
    expectSignedIn(await signInAbroad(wishes), 5_000); // and the configured names go on
  } finally {
    dns.close();
  }
});

test('a download is refused, and windows that open are closed', async () => {
  const attachment = {
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Disposition': 'attachment; filename="run-me.exe"' },
    body: 'MZ'.repeat(1000),
  };
  const download = await signInAbroad({ rp: { send: () => attachment } });
  expect(download.journey).toMatchObject({ signedIn: 'no', failedAt: 'crm-redirect' });
  const windows = await signInAbroad({
    rp: {
      send: () =>
        html(
          'Windows',
          '<p>Many</p><a id="d" download="x.exe" href="data:application/octet-stream,MZ">x</a><script>d.click(); for (let i = 0; i < 20; ' +
            'i++) open("about:blank#" + i)</script>',
        ),
    },
  });
  expect(windows.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 0 });
  note(reaches, 22, 0);
});

/** A server of its own at `localhost`, which may answer as no site of `VirtualHosts` can. */
async function attemptAt(listener: Parameters<typeof createServer>[1], deadlineMs: number): ReturnType<typeof attemptSignIn> {
  const hosts = await startVirtualHosts(null);
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { browser } = await equipment();
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  try {
    return await attemptSignIn({ hosts, browser, url, sts: hosts.origin('localhost'), user: 'u', password: 'password-57', deadlineMs, pinned: false });
  } finally {
    server.closeAllConnections();
    server.close();
    await hosts.close();
  }
}

const clear = /sent more than|took more than|the page crashed|deadline of|cannot be read|unknown page|No page came/;

test('an answer without an end ends the sign-in with a clear reason, and so does one that drips', async () => {
  const flood = await attemptAt((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    const piece = Buffer.from(`<p>${'x'.repeat(1_000_000)}</p>`);
    const pour = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', pour);
    if (request.url === '/') pour();
    else response.end();
  }, 15_000);
  expect(flood.journey.why).toMatch(clear);
  const drip = await attemptAt((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    const timer = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(timer));
    if (request.url !== '/') response.end();
  }, 6_000);
  expect(drip.journey.why).toMatch(clear);
  note(reaches, 2, 0);
  for (const { journey, exchanges } of [flood, drip]) {
    expect(journey.signedIn).not.toBe('yes');
    expect(JSON.stringify(exchanges).length).toBeLessThan(100_000);
  }
});

test('a script that takes all the memory ends the sign-in with a clear reason', async () => {
  const page =
    '<p>Growing</p><script>const all = []; setInterval(() => { for (let i = 0; i < 40; i++) all.push(new Array(1e6).fill(Math.random())) }, 1)</script>';
  const world = await signInAbroad({ rp: { send: () => html('Growing', page) }, deadlineMs: 30_000 });
  expect(world.journey.signedIn).not.toBe('yes');
  expect(world.journey.why).toMatch(clear);
  note(reaches, 1, 0);
});
