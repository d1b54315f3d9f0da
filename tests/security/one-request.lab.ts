/** The password arrives at the STS once, whatever the STS, its page and the browser do. Counted at the STS. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { buildChallenge } from '../../lab/ntlm/ntlm-messages';
import type { NtlmHandshakes } from '../../probes/testing/directory/ntlm-handshakes';
import { account, goodPassword, signInAbroad, type World, type WorldWishes } from '../../probes/testing/foreign/foreign-world';
import { signInPages } from '../../probes/testing/foreign/sign-in-pages';
import { type Answer, type Arrival, redirect } from '../../probes/testing/foreign/virtual-hosts';
import { chromiumPath } from './testing/chromium-path';
import { writingsOf } from '../../runs/testing/independent-scanner';
import { noteSubmissions } from './testing/note-submissions';

const full = process.env.SECURITY_FULL === '1';
const fullChromium = full ? chromiumPath() : undefined;

/** Through a proxy of the system's, nobody can give the password a connection of its own. */
test.beforeAll(() => {
  for (const name of Object.keys(process.env)) if (/^(https?|all)_proxy$/i.test(name)) delete process.env[name];
});

/** Requests with the password that arrived at the STS. A referrer repeats an address and is none. */
function arrivals({ hosts }: World, sts: string): Arrival[] {
  const writings = writingsOf(goodPassword).map(({ bytes }) => bytes.toString('utf8'));
  const basic = Buffer.from(`${account.user}:${goodPassword}`).toString('base64');
  return hosts.arrivals.filter(
    ({ host, raw, headers }) =>
      host === sts && (headers.authorization?.includes(basic) || writings.some((each) => raw.replace(/^Referer\n.*$/im, '').includes(each))),
  );
}

/** `least` is 0 where the sign-in may end before the first request has arrived. */
async function signsInOnce(wishes: WorldWishes, least: 0 | 1 = 1): Promise<World> {
  const world = await signInAbroad({ deadlineMs: 8_000, ...wishes });
  const count = arrivals(world, wishes.idpName ?? 'idp.example.test').length;
  noteSubmissions(1, count);
  expect(count, world.journey.why).toBeLessThanOrEqual(1);
  expect(count, world.journey.why).toBeGreaterThanOrEqual(least);
  return world;
}

for (const [browser, executablePath] of [['the headless shell', undefined], ...(fullChromium ? [['full Chromium', fullChromium] as const] : [])] as const) {
  for (const http2 of [false, true])
    test(`${browser}: once over ${http2 ? 'HTTP/2' : 'HTTP/1.1'} where the STS resets the connection after the POST`, async () => {
      for (let run = 0; run < (full ? 10 : 1); run++) {
        const { journey } = await signsInOnce({ browser: executablePath, http2, idp: { afterPassword: () => 'reset' } });
        expect(journey).toMatchObject({ signedIn: 'no', symptom: 'no-answer', failedAt: 'credentials', credentialSubmissions: 1 });
      }
    });

  test(`${browser}: once where no name is pinned, either`, async () => {
    for (let run = 0; run < (full ? 10 : 1); run++)
      await signsInOnce({ browser: executablePath, idpName: 'localhost', rpName: 'localhost', rp: { base: '/app' }, idp: { afterPassword: () => 'reset' } });
  });

  for (const status of [307, 308])
    test(`${browser}: once where the STS answers the POST with ${status} to itself`, async () => {
      for (let run = 0; run < (full ? 10 : 1); run++) {
        const { journey } = await signsInOnce({ browser: executablePath, idp: { afterPassword: (_, { url }): Answer => redirect(url.href, {}, status) } });
        expect(journey).toMatchObject({ signedIn: 'no', failedAt: 'credentials', credentialSubmissions: 1 });
        expect(journey.why).toContain('Stopped for safety: the password was about to be sent a second time: POST https://idp.example.test');
      }
    });
}

/** What a page does when its form is submitted; A is where the form posts to. */
const pages: Readonly<Record<string, string>> = {
  'fetches and submits': "fetch('A', { method: 'POST', body: new URLSearchParams(new FormData(document.forms[0])) })",
  'fetches again and again':
    "event.preventDefault(); setInterval(() => fetch('A', { method: 'POST', body: JSON.stringify({ password: p }), headers: { 'Content-Type': " +
    "'application/json' } }).catch(() => 0), 30)",
  'asks by XMLHttpRequest twice':
    "event.preventDefault(); for (let i = 0; i < 2; i++) { const x = new XMLHttpRequest(); x.open('POST', 'A'); " +
    "x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded'); x.send(new URLSearchParams({ username: 'u', password: p })) }",
  'sends a beacon after its form': "addEventListener('pagehide', () => navigator.sendBeacon('A', new URLSearchParams({ password: p })))",
  'submits its form into a frame, too':
    "document.body.insertAdjacentHTML('beforeend', '<iframe name=f></iframe>'); const c = document.forms[0].cloneNode(true); c.target = 'f'; " +
    "document.body.append(c); c.querySelector('[type=password]').value = p; HTMLFormElement.prototype.submit.call(c)",
  'asks for a picture with it': "new Image().src = 'A?password=' + encodeURIComponent(p)",
  'asks with a header of Basic':
    "event.preventDefault(); for (let i = 0; i < 3; i++) fetch('A', { headers: { Authorization: " +
    "'Basic ' + btoa(unescape(encodeURIComponent('probe@example.test:' + p))) } }).catch(() => 0)",
};
for (const [named, script] of Object.entries(pages))
  if (full || /^fetches|Basic/.test(named))
    test(`once where the page ${named}`, async () => {
      await signsInOnce(
        {
          idp: {
            refuse: (again) => again('No.'),
            page: (view) => ({
              body: (signInPages.plain(view).body ?? '').replace(
                '</body>',
                () =>
                  `<script>document.forms[0].addEventListener('submit', (event) => { const p = document.querySelector('[type=password]').value; ` +
                  `${script.replaceAll("'A", `'${view.action}`)} })</script></body>`,
              ),
            }),
          },
          password: goodPassword,
        },
        0,
      );
    });

const answers: Readonly<Record<string, Answer>> = {
  'a challenge for Basic': { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="STS"' }, body: 'No' },
  'a challenge for NTLM': { status: 401, headers: { 'WWW-Authenticate': 'NTLM' }, body: 'No' },
  'a time-out (408)': { status: 408, body: 'No' },
  'a misdirected request (421)': { status: 421, body: 'No' },
  'a server error (503) to be tried again': { status: 503, headers: { 'Retry-After': '0', Refresh: '0' }, body: 'No' },
};
for (const [named, answer] of Object.entries(answers))
  if (full || /408|421/.test(named))
    test(`once where the STS answers with ${named}`, async () => {
      await signsInOnce({ idp: { afterPassword: () => answer } });
    });

test('once where the STS asks by Basic, which the browser would add to every further request', async () => {
  const { journey, hosts } = await signsInOnce({
    idp: {
      challenge: 'Basic',
      autoPost: (form) => `${form}<script>fetch('/seen').catch(() => 0).then(() => document.forms[0].submit())</script>`,
      pages: { '/seen': () => ({ body: 'seen' }) },
    },
  });
  expect(journey, journey.why).toMatchObject({ signedIn: 'yes', credentialSubmissions: 1 });
  expect(hosts.arrivals.filter(({ url }) => url.pathname === '/seen')).toEqual([]);
});

/** A server side of NTLM that takes every answer, and how many it got. */
function takesAnything(): { readonly ntlm: Pick<NtlmHandshakes, 'answer'>; answers: number } {
  const names = { domain: 'EXAMPLE', computer: 'IDP', dnsDomain: 'example.test', dnsComputer: 'idp.example.test' };
  const taker = {
    answers: 0,
    ntlm: {
      answer: async (_: object, message: string) => {
        if (Buffer.from(message, 'base64').readUInt32LE(8) === 1) return { challenge: buildChallenge(randomBytes(8), names, new Date()).toString('base64') };
        taker.answers += 1;
        return { user: account.user };
      },
    },
  };
  return taker;
}

test('once by NTLM; where the STS took it, its pages may ask for more, and the sign-out arrives', async () => {
  const taker = takesAnything();
  const { journey, evidence } = await signInAbroad({
    deadlineMs: 8_000,
    idp: {
      challenge: 'NTLM',
      ntlm: taker.ntlm,
      autoPost: (form) => `${form}<script>fetch('/seen').then(() => document.forms[0].submit())</script>`,
      pages: { '/seen': () => ({ body: 'seen' }) },
    },
  });
  expect(journey, journey.why).toMatchObject({ signedIn: 'yes', credentialSubmissions: 1 });
  expect(evidence.exchanges.find(({ step }) => step === 'sign-out')?.status).toBe(200);
  expect(taker.answers).toBe(1);
});

test('once by NTLM where the STS answers with an error page that asks for the protected address again', async () => {
  const taker = takesAnything();
  const again = '<img src="/wsfed?again"><script>fetch("/wsfed?again"); setTimeout(() => { location = "/wsfed?again" }, 300)</script>';
  const { journey } = await signInAbroad({
    deadlineMs: 8_000,
    idp: { challenge: 'NTLM', ntlm: taker.ntlm, autoPost: () => again, tokenPage: { status: 500, headers: { Connection: 'close' } } },
  });
  expect(journey, journey.why).toMatchObject({ signedIn: 'no', credentialSubmissions: 1 });
  expect(taker.answers).toBe(1);
});
