/** Pages an STS puts between the password and the token: which the probe goes on from, and which it leaves to people. */
import { expect, test } from '@playwright/test';
import { expectEnding, expectSignedIn, signInAbroad, type World } from '../testing/foreign/foreign-world';
import { html, redirect, type Reply } from '../testing/foreign/virtual-hosts';

/** The STS takes the password and shows `page`; its buttons lead on only with one of the `right` answers. */
async function behind(title: string, text: string, buttons: string, right: readonly string[]): Promise<{ world: World; pressed: readonly string[] }> {
  const pressed: string[] = [];
  let onwards = (): Reply => ({ body: '' });
  const world = await signInAbroad({
    idp: {
      afterPassword: (go) => {
        const reply = go();
        onwards = () => reply;
        const cookie = reply.headers?.['Set-Cookie'] ?? '';
        return { ...html(title, `<p>${text}</p><form method="post" action="/answer">${buttons}</form>`), headers: { 'Set-Cookie': cookie } };
      },
      pages: {
        '/answer': ({ form, url }) => {
          const answer = form.get('answer') ?? url.searchParams.get('answer') ?? 'nothing';
          pressed.push(answer);
          return right.includes(answer) ? redirect(onwards().headers?.['Location']?.toString() ?? '/') : { ...html('Harm', `<p>${answer}</p>`), status: 500 };
        },
      },
    },
  });
  return { world, pressed };
}
const button = (answer: string, label: string): string => `<button name="answer" value="${answer}">${label}</button>`;

test.describe('the probe goes on', () => {
  for (const [what, title, text, buttons, answer, label] of [
    [
      'from the question whether to stay signed in, with links to terms at its foot',
      'Stay signed in?',
      'So that you are asked less often. <a href="/terms">Terms of use</a> <a href="/privacy">Privacy</a>',
      `<label><input type="checkbox" name="never"> Do not show this again</label>${button('no', 'No')}${button('yes', 'Yes')}`,
      'yes',
      'Yes',
    ],
    ['from the same question in Japanese', '確認', 'サインインの状態を維持しますか?', `${button('no', 'いいえ')}${button('yes', 'はい')}`, 'yes', 'はい'],
    [
      'from the notice that the password will expire, without changing it',
      'Kennwort',
      'Ihr Kennwort läuft in 5 Tagen ab. Möchten Sie es jetzt ändern?',
      `${button('change', 'Jetzt ändern')}${button('later', 'Später')}`,
      'later',
      'Später',
    ],
    ['from a notice', 'Welcome', 'You have been signed in. Last sign-in: yesterday.', button('go', 'Continue »'), 'go', 'Continue'],
    ['from a notice with a link', 'Hinweis', 'Sie sind angemeldet. <a href="/answer?answer=go">Weiter</a>', '', 'go', 'Weiter'],
  ] as const)
    test(what, async () => {
      const { world, pressed } = await behind(title, text, buttons, [answer]);
      expectSignedIn(world, 5_500);
      expect(pressed).toEqual([answer]);
      expect(world.evidence.pages.map(({ action }) => action)).toContainEqual(expect.stringContaining(`pressed "${label}"`));
    });

  test('by waiting, where a script leads on after three seconds', async () => {
    const wait = (go: () => Reply): Reply => {
      const { headers } = go();
      const next = JSON.stringify(headers?.['Location']);
      const script = `<p>You will be taken to your application.</p><script>setTimeout(() => location.assign(${next}), 3000)</script>`;
      return { ...html('One moment', script), headers: { 'Set-Cookie': headers?.['Set-Cookie'] ?? '' } };
    };
    expectSignedIn(await signInAbroad({ idp: { afterPassword: wait } }), 6_500);
  });
});

test.describe('the probe presses nothing and says what stands in the way', () => {
  for (const [what, title, text, buttons] of [
    ['where terms are to be accepted', 'Terms of use', 'You must accept the terms.', `${button('yes', 'Accept')}${button('no', 'Decline')}`],
    ['where going on means to agree', 'Welcome', 'You are signed in. By clicking Continue you agree to our rules.', button('go', 'Continue')],
    ['where consent is asked for', 'Stay signed in?', 'Desk would like to view your profile.', `${button('no', 'No')}${button('yes', 'Yes')}`],
    ['where an organisation is to be chosen', 'Organisation', 'You are signed in. Choose where to go.', `${button('a', 'Toys')}${button('b', 'Ware')}`],
    ['where the only way leads to a new password', 'Password', 'Your password will expire.', button('change', 'Continue to change it')],
    ['where another session would be ended', 'Welcome', 'You are signed in elsewhere. Continue to end it.', button('end', 'Continue')],
    ['where something is to be filled in', 'Welcome', 'You are signed in. Tell us your phone number.', `<input name="phone">${button('go', 'Continue')}`],
    ['where the page is of no known kind', 'Etwas', 'Ganz etwas anderes.', button('go', 'Weiter')],
  ] as const)
    test(what, async () => {
      const { world, pressed } = await behind(title, text, buttons, []);
      const why = new RegExp(`unknown page.*"${title.replace('?', '\\?')}".*waits for a person.*Sign in once by hand`);
      expectEnding(world, { symptom: 'other', failedAt: 'credentials', why, submissions: 1, withinMs: 4_000 });
      expect(pressed).toEqual([]);
    });

  test('where its button leads to another site', async () => {
    const page = html('Welcome', '<p>You are signed in.</p><form method="post" action="https://elsewhere.example.test/"><button>Continue</button></form>');
    const world = await signInAbroad({ idp: { afterPassword: () => page } });
    expectEnding(world, { symptom: 'other', failedAt: 'credentials', why: /unknown page.*"Welcome"/, submissions: 1, withinMs: 4_000 });
    expect(world.evidence.exchanges.filter(({ url }) => url.includes('elsewhere'))).toEqual([]);
  });
});
