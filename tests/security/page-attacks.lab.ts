/** A tampered page of the STS, and what a stranger hears of the password: nothing, in both kinds of Chromium. */
import { expect, test } from '@playwright/test';
import { equipment, goodPassword, signInAbroad } from '../../probes/testing/foreign/foreign-world';
import { plainAutoPost } from '../../probes/testing/foreign/identity-provider';
import { signInPages } from '../../probes/testing/foreign/sign-in-pages';
import { html } from '../../probes/testing/foreign/virtual-hosts';
import { dnsServer } from '../../probes/testing/dns-server';
import { chromiumPath } from './testing/chromium-path';
import { type PageAttack, pageAttacks } from './testing/page-attacks';
import { leaksIn, startStranger, type Stranger } from './testing/stranger';

const full = process.env.SECURITY_FULL === '1';
let stranger: Stranger;
test.beforeAll(async () => {
  stranger = await startStranger((await equipment()).pki.server);
});
test.afterAll(() => stranger.close());
test.beforeEach(() => stranger.forget());

/** Signs in once where the pages do all of this, and tells which writings of the password a stranger, or a name server, heard. */
async function leaksOf(attack: PageAttack, executablePath?: string): Promise<{ readonly leaks: readonly string[]; readonly why: string }> {
  const names = await dnsServer({ 'app.example.test': '127.0.0.1', 'idp.example.test': '127.0.0.1' });
  let fill = (text: string): string => text;
  try {
    const world = await signInAbroad({
      browser: executablePath,
      deadlineMs: 8_000,
      dns: names.address,
      pins: { 'evil.example.test': '127.0.0.1' },
      before: (hosts) => {
        const { origin, udpPort } = stranger;
        fill = (text) =>
          text
            .replaceAll('E/', `${origin}/`)
            .replace(/\bH\//g, `${new URL(origin).host}/`)
            .replaceAll(':U', `:${udpPort}`)
            .replaceAll("'APP'", `'${hosts.origin('app.example.test')}'`)
            .replaceAll('APP/', `${hosts.origin('app.example.test')}/`)
            .replaceAll('STS/', `${hosts.origin('idp.example.test')}/`);
      },
      idp: {
        page: (view) => {
          const script = `${attack.load ?? ''}; document.forms[0].addEventListener('submit', (event) => {
            const p = document.querySelector('[type=password]').value, q = encodeURIComponent(p), stay = () => event.preventDefault();
            const hex = [...new TextEncoder().encode(p)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
            ${attack.submit ?? ''} });`;
          return {
            headers: Object.fromEntries(Object.entries(attack.headers ?? {}).map(([name, value]) => [name, fill(value)])),
            body: (signInPages.plain(view).body ?? '').replace('</body>', () => `<script>${fill(script).replace(/<\/script/g, '<\\/script')}</script></body>`),
          };
        },
        pages: {
          '/doc.xml': () => ({ headers: { 'Content-Type': 'application/xml' }, body: '<a/>' }),
          '/doc.svg': () => ({ headers: { 'Content-Type': 'image/svg+xml' }, body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
          '/doc.txt': () => ({ headers: { 'Content-Type': 'text/plain' }, body: 'x' }),
        },
        autoPost: (form) =>
          attack.token ? `${form}<script>${fill(attack.token)}</script><script>setTimeout(() => document.forms[0].submit(), 60)</script>` : plainAutoPost(form),
      },
      rp: { home: () => html('My desk', `<h1 id="welcome">Welcome</h1><script>try { ${fill(attack.crm ?? '')} } catch { }</script>`) },
    });
    const heard = `${stranger.heard()}\n${names.asked.join('\n')}\n${world.hosts.arrivals
      .filter(({ host }) => host !== 'idp.example.test')
      .map(({ raw }) => raw)
      .join('\n')}`;
    return { leaks: leaksIn(heard, goodPassword), why: world.journey.why };
  } finally {
    names.close();
  }
}

function note(attempts: number, leaks: number): void {
  test
    .info()
    .annotations.push(
      { type: 'threat', description: 'a tampered page of the STS gets the password out' },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );
}

const browsers: readonly (readonly [string, string | undefined])[] = [
  ['the headless shell', undefined],
  ...(full && chromiumPath() ? [['full Chromium', chromiumPath()] as const] : []),
];
/** With npm test: one of each kind. */
const short = ['an address with a fragment', 'a window without opener', 'a socket of an XML document', 'a worker of an empty frame, at once'];

for (const [browser, executablePath] of browsers)
  for (const attack of pageAttacks)
    if (full || short.includes(attack.name))
      test(`${browser}: not by ${attack.name}`, async () => {
        const { leaks, why } = await leaksOf(attack, executablePath);
        note(1, leaks.length);
        expect(leaks, why).toEqual([]);
      });
