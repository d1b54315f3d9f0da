/** The probe as an outsider: sign-in pages, identity providers and relying parties that are neither AD FS nor CRM. */
import { expect, test } from '@playwright/test';
import { account, expectEnding, expectSignedIn, goodPassword, signInAbroad } from '../testing/foreign/foreign-world';
import { signInPages } from '../testing/foreign/sign-in-pages';
import { html, redirect } from '../testing/foreign/virtual-hosts';
import { SubmitOnce } from '../account-state/submit-once';

test.describe('signs in', () => {
  test('with a plain form that has a button and inputs without type', async () => {
    const world = await signInAbroad();
    expectSignedIn(world, 2_500);
    expect(world.journey).toMatchObject({ rounds: 1 });
    expect(world.evidence.method).toBe('forms');
    expect(world.evidence.token).toMatchObject({ encrypted: false, signature: expect.any(String) });
    expect(world.evidence.exchanges.map(({ step }) => step)).toEqual([
      'crm-redirect',
      'sts-page',
      'credentials',
      'token-issue',
      'token-post',
      'crm-session',
      'sign-out',
    ]);
  });

  test('with a form among a search form, a language select, a honeypot, a remember-me box and strangely named fields', async () => {
    expectSignedIn(await signInAbroad({ idp: { page: signInPages.crowded } }), 2_500);
  });

  test('where the only button is a link with a picture, in a language without known words', async () => {
    expectSignedIn(await signInAbroad({ idp: { page: signInPages.wordless } }), 2_500);
  });

  test('where a script lets the button live only after a key was typed', async () => {
    expectSignedIn(await signInAbroad({ idp: { page: signInPages.lateButton } }), 3_500);
  });

  test('where a consent banner lies over the button', async () => {
    expectSignedIn(await signInAbroad({ idp: { page: signInPages.overlaid } }), 2_500);
  });

  test('where a modal dialog makes the form inert', async () => {
    expectSignedIn(await signInAbroad({ idp: { page: signInPages.modal } }), 3_000);
  });

  test('over two pages, the user name first', async () => {
    const world = await signInAbroad({ idp: { page: signInPages.twoPages, account: { ...account } } });
    expectSignedIn(world, 4_500);
    const actions = world.evidence.pages.map(({ action }) => action).filter((action) => action !== 'let the page post the token'); // often too quick to be seen
    expect(actions).toEqual(['typed the user name', 'typed the credentials', 'arrived']);
  });

  test('with a page drawn by script that signs in by fetch and leaves by location.assign', async () => {
    expectSignedIn(await signInAbroad({ idp: { page: signInPages.byScript } }), 3_500);
  });

  test('with a web component: no form element, fields in a shadow tree, a link as button', async () => {
    expectSignedIn(await signInAbroad({ idp: { page: signInPages.component } }), 3_500);
  });

  for (const [what, page] of [
    ['whose fields are drawn anew with every key', signInPages.redrawn],
    ['of web components within web components', signInPages.nested],
    ['beside the form for new users', signInPages.besideRegistration],
  ] as const)
    test(`with a form ${what}`, async () => {
      expectSignedIn(await signInAbroad({ idp: { page } }), 3_500);
    });

  test('where the STS asks by HTTP Basic', async () => {
    const world = await signInAbroad({ idp: { challenge: 'Basic' } });
    expectSignedIn(world, 2_500);
    expect(world.evidence.exchanges.find(({ authorization }) => authorization !== null)?.authorization).toMatch(/^basic$/i);
  });

  test('with STS and relying party on one origin, told apart by path', async () => {
    const world = await signInAbroad({ idpName: 'app.example.test', idp: { endpoint: '/sts', page: signInPages.twoPages }, rp: { base: '/app' } });
    expectSignedIn(world, 4_500);
    expect(world.journey.rounds).toBe(1);
    expect(world.evidence.exchanges.map(({ step }) => step)).toEqual([
      'crm-redirect',
      'sts-page',
      'sts-page',
      'credentials',
      'token-issue',
      'token-post',
      'crm-session',
      'sign-out',
    ]);
  });

  test('over plain http on localhost', async () => {
    expectSignedIn(await signInAbroad({ plainHttp: true, idpName: 'localhost', rpName: 'localhost', idp: { endpoint: '/sts' }, rp: { base: '/app' } }), 2_500);
  });

  test('with parameters in capitals and in another order, without wctx, with a SAML 2.0 token', async () => {
    const query = (realm: string): string => `WTREALM=${encodeURIComponent(realm)}&WA=WSIGNIN1.0`;
    const world = await signInAbroad({ idp: { saml: '2.0' }, rp: { query } });
    expectSignedIn(world, 2_500);
    expect(world.journey.rounds).toBe(1);
  });

  test('through redirects of the STS to a login page of its own with a ReturnUrl', async () => {
    const world = await signInAbroad({ idp: { loginPath: '/account/login' } });
    expectSignedIn(world, 2_500);
    expect(world.journey.rounds).toBe(1);
  });

  test('where the page with the token waits two seconds, or for a click', async () => {
    const slow = await signInAbroad({
      idp: { autoPost: (form) => `<p>One moment…</p>${form}<script>setTimeout(() => document.forms[0].submit(), 2000)</script>` },
    });
    expectSignedIn(slow, 4_500);
    const click = await signInAbroad({ idp: { autoPost: (form) => `<button>Cancel</button>${form.replace('</form>', '<button>Continue</button></form>')}` } });
    expectSignedIn(click, 4_500);
  });

  test('where alert, confirm and popup windows come in between', async () => {
    const page: typeof signInPages.plain = (view) => {
      const plain = signInPages.plain(view);
      const script =
        `<script>alert('Maintenance on Sunday'); window.open('/news'); ` +
        `document.forms[0].onsubmit = () => confirm('Authorised users only')</script></body>`;
      return { body: plain.body?.replace('</body>', script) };
    };
    expectSignedIn(await signInAbroad({ idp: { page, pages: { '/news': () => html('News', 'none') } } }), 2_500);
  });

  test('where the page behind the sign-in draws itself from data that take their time, and its clock never rests', async () => {
    const home = (): ReturnType<typeof html> =>
      html(
        'Desk',
        `<p id="clock"></p><script>setInterval(() => { clock.textContent = Date.now() }, 50); ` +
          `fetch('/app-data').then(() => { document.body.insertAdjacentHTML('beforeend', '<h1 id="welcome">Hi</h1>') })</script>`,
      );
    const data = async (): Promise<ReturnType<typeof html>> => new Promise((resolve) => setTimeout(() => resolve({ body: '{}' }), 2_500));
    expectSignedIn(await signInAbroad({ rp: { home, pages: { '/app-data': data } } }), 5_000);
  });
});

test.describe('a wrong password', () => {
  const wrong = { password: `${goodPassword}!` };

  for (const [how, idp, why, withinMs] of [
    ['is answered with the form and a text', {}, /form came again.*not right/i, 2_500],
    [
      'is answered with 401 and a page, without a challenge',
      { refuse: () => ({ ...html('Sorry', '<p>Wrong password.</p>'), status: 401 }) },
      /401.*Wrong password/,
      2_500,
    ],
    [
      'is answered with a redirect to the form',
      { loginPath: '/login', refuse: (_: unknown, __: unknown, id: string) => redirect(`/login?error=Try+again&id=${id}`) },
      /form came again.*Try again/i,
      2_500,
    ],
    ['is answered with 403', { refuse: () => ({ ...html('Denied', '<p>Access denied for this account.</p>'), status: 403 }) }, /403.*Access denied/, 2_500],
    [
      'is told in the same document by script',
      { page: signInPages.byScript, refuse: () => ({ status: 401, headers: { 'Content-Type': 'application/json' }, body: '{"text":"Kennwort falsch"}' }) },
      /Kennwort falsch/,
      5_000,
    ],
  ] as const)
    test(`that ${how} ends at once at the credentials, and is not submitted again on the other route`, async () => {
      const submitOnce = new SubmitOnce();
      const world = await signInAbroad({ ...wrong, idp, submitOnce });
      const symptom = /401/.test(how) ? 'http-401' : /403/.test(how) ? 'error-page' : 'repeated-prompt';
      expectEnding(world, { symptom, failedAt: 'credentials', why, submissions: 1, withinMs });
      const again = { stsOrigin: world.evidence.settings.stsOrigin, user: account.user };
      expect(submitOnce.mayGive(again, account.password)).toMatchObject({
        ok: false,
        why: expect.stringContaining('this account was refused'),
      });
      expect(world.result.causes.filter(({ id, certainty }) => id !== 'wrong-password' && certainty === 'confirmed')).toEqual([]);
    });

  test('at HTTP Basic ends with the second challenge', async () => {
    expectEnding(await signInAbroad({ ...wrong, idp: { challenge: 'Basic' } }), {
      symptom: 'repeated-prompt',
      failedAt: 'credentials',
      why: /again/,
      submissions: 1,
      withinMs: 2_500,
    });
  });

  test('in a field that is called a passcode is not taken for the wish for a code', async () => {
    const page: typeof signInPages.plain = (view) => ({ body: signInPages.plain(view).body?.replace('name="password"', 'name="passcode"') });
    const world = await signInAbroad({ ...wrong, idp: { page } });
    expectEnding(world, { symptom: 'repeated-prompt', failedAt: 'credentials', why: /form came again.*not right/i, submissions: 1, withinMs: 2_500 });
    expect(world.result.causes[0]).toMatchObject({ id: 'wrong-password' });
  });

  test('an unknown user at a two-page sign-in ends without the password being typed', async () => {
    const world = await signInAbroad({ user: 'nobody@example.test', idp: { page: signInPages.twoPages } });
    expectEnding(world, { symptom: 'repeated-prompt', failedAt: 'credentials', why: /user name.*There is no account/i, submissions: 0, withinMs: 5_500 });
  });
});

test('a sign-in page that shows its form in a frame is no failure of the sign-in: the probe says that it does not read it', async () => {
  const world = await signInAbroad({ idp: { page: signInPages.framed } });
  expect(world.journey).toMatchObject({ signedIn: 'unknown', failedAt: null, credentialSubmissions: 0, why: expect.stringMatching(/unknown page.*frame/i) });
  expect(world.result).toMatchObject({ verdict: 'unknown', causes: [] });
});

test.describe('between password and token', () => {
  test('a page that asks for a code is told as such', async () => {
    const code = html(
      'One more step',
      '<p>Enter the code we sent you.</p><form method="post" action="/code">' +
        '<input name="code" inputmode="numeric" maxlength="6"><button>Verify</button></form>',
    );
    const world = await signInAbroad({ idp: { afterPassword: () => code } });
    expectEnding(world, { symptom: 'other', failedAt: 'token-issue', why: /additional authentication/i, submissions: 1, withinMs: 2_500 });
    expect(world.evidence.pages.at(-1)).toMatchObject({ kind: 'sts-mfa', action: 'stopped' });
  });

  test('a code asked for in a password field is not taken for a wrong password', async () => {
    const code = html('Token', '<form method="post" action="/code"><label>Passcode <input name="otp" type="password"></label><button>OK</button></form>');
    const world = await signInAbroad({ idp: { afterPassword: () => code } });
    expectEnding(world, { symptom: 'other', failedAt: 'token-issue', why: /additional authentication/i, submissions: 1, withinMs: 2_500 });
  });

  test('a page that wants a new password is told as such', async () => {
    const change = html(
      'Expired',
      '<form method="post" action="/change"><input type="password" name="old"><input type="password" name="new1">' +
        '<input type="password" name="new2"><button>Change</button></form>',
    );
    const world = await signInAbroad({ idp: { afterPassword: () => change } });
    expectEnding(world, { symptom: 'other', failedAt: 'credentials', why: /password to be changed/i, submissions: 1, withinMs: 2_500 });
  });

  test('a consent page ends soon, precisely described: title, address, fields and text', async () => {
    const consent = html(
      'Terms of use',
      '<p>Please accept our terms.</p><form method="post" action="/accept"><input type="checkbox" name="accepted"><button name="go">I agree</button></form>',
    );
    const world = await signInAbroad({
      idp: { afterPassword: (go) => redirect('/terms', { 'Set-Cookie': go().headers?.['Set-Cookie'] ?? '' }), pages: { '/terms': () => consent } },
    });
    expectEnding(world, {
      symptom: 'other',
      failedAt: 'token-issue',
      why: /unknown page.*"Terms of use".*idp\.example\.test.*accepted \(checkbox\).*accept our terms/i,
      submissions: 1,
      withinMs: 4_000,
    });
    expect(world.evidence.pages.at(-1)).toMatchObject({ kind: 'unknown', title: 'Terms of use', fields: [{ name: 'accepted', type: 'checkbox' }] });
    expect(world.evidence.pages.at(-1)?.screenshot).not.toBeNull();
  });

  test('an error page of the STS ends at once', async () => {
    const world = await signInAbroad({ idp: { afterPassword: () => ({ ...html('Server Error', '<h1>Unknown relying party</h1>'), status: 500 }) } });
    expectEnding(world, {
      symptom: 'error-page',
      failedAt: 'credentials',
      why: /idp\.example\.test.* 500.*Unknown relying party/,
      submissions: 1,
      withinMs: 2_500,
    });
    expect(world.result.causes.map(({ id }) => id)).not.toContain('wrong-password');
  });
});
