import { expect, test } from '@playwright/test';
import { type Account, repeatedRuns } from '../../probes/testing/foreign/repeated-runs';
import { account } from '../../probes/testing/foreign/foreign-world';
import type { IdentityProviderWishes } from '../../probes/testing/foreign/identity-provider';
import { signInPages, type SignInPage } from '../../probes/testing/foreign/sign-in-pages';
import { html, redirect, type Reply } from '../../probes/testing/foreign/virtual-hosts';
import { noteSubmissions } from './testing/note-submissions';

/** As many as a monitor makes in an hour; the short form shows the principle. */
const runs = process.env.SECURITY_FULL ? 10 : 2;
test.describe.configure({ timeout: 60_000 + runs * 20_000 });

const wrong: Account = { user: account.user, password: 'Not the right 1 "&%"' };
const action = (id: string): string => `/wsfed/signin/${id}`;

/** Both steps in one document, one at a time, answered by script. */
const steps: SignInPage = ({ action: to }) =>
  html(
    'Sign in',
    `<div id="first"><input name="loginId" autocomplete="username"><button id="next">Next</button></div>
<div id="second" hidden><input type="password" id="pass"><button id="go">Sign in</button></div><div id="said" aria-live="polite" style="position:absolute;\
left:-999px"></div>
<script>
next.onclick = () => { first.hidden = true; second.hidden = false; pass.focus(); };
go.onclick = async () => {
  const answer = await fetch(${JSON.stringify(to)}, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user: \
document.querySelector('[name=loginId]').value, password: pass.value }) });
  if (answer.ok) { const { next } = await answer.json(); if (next) return location.assign(next); }
  pass.value = ''; said.textContent = 'Virheellinen tunnus'; second.hidden = true; first.hidden = false;
};
</script>`,
  );

/** What an STS answers to a password it does not take, or of which nobody can say whether it does. */
const refusals: readonly (readonly [string, Partial<IdentityProviderWishes>])[] = [
  ['goes back to the step of the user name', { page: signInPages.twoPages }],
  [
    'shows an identifier-first page with a text nobody knows',
    {
      refuse: (_, __, id) =>
        html(
          'Log in',
          `<form method="post" action="${action(id)}"><p class="alert">Virheellinen tunnus tai salasana.</p>` +
            `<input name="identifier" autocomplete="username"><button>Next</button></form>`,
        ),
    },
  ],
  [
    'says on the page of the user name that the account is locked',
    {
      refuse: (_, __, id) =>
        html(
          'Log in',
          `<p>Your account has been locked.</p><form method="post" action="${action(id)}">` +
            `<input name="identifier" autocomplete="username"><button>Next</button></form>`,
        ),
    },
  ],
  ['answers its own page’s script with 401 and goes back a step in the same document', { page: steps, refuse: () => ({ status: 401, body: '{}' }) }],
  [
    'answers its own page’s script with 200 and goes back a step in the same document',
    { page: steps, refuse: () => ({ headers: { 'Content-Type': 'application/json' }, body: '{}' }) },
  ],
  ['shows the error in a dialog above the form', { refuse: (_, __, id) => form(id, '<dialog open role="alertdialog">Nope.</dialog>', '') }],
  ['shows the error below the form', { refuse: (_, __, id) => form(id, '', '<p>パスワードが正しくありません。</p>') }],
  ['asks anew in a step that is hidden', { refuse: (_, __, id) => html('Hm', `<p>One moment.</p><div hidden>${form(id, '', '').body}</div>`) }],
  ['answers 500', { refuse: () => ({ status: 500, body: 'Server Error' }) }],
  ['answers 503', { refuse: () => ({ status: 503, body: 'Service Unavailable' }) }],
  ['answers 403', { refuse: () => ({ status: 403, body: 'Forbidden' }) }],
  ['answers 204', { refuse: () => ({ status: 204 }) }],
  ['answers with a page nobody knows', { refuse: () => html('Notice', '<p>Lorem ipsum.</p>') }],
  [
    'answers with a redirect to a page nobody knows and a new cookie',
    { refuse: () => redirect('/notice', { 'Set-Cookie': 'hint=1; Path=/' }), pages: { '/notice': () => html('Notice', 'Hm') } },
  ],
  ['never answers', { refuse: () => 'never' }],
  [
    'asks for a code that it will not take',
    {
      refuse: (_, __, id) =>
        html('Code', `<form method="post" action="${action(id)}"><input name="otp" autocomplete="one-time-code"><button>Verify</button></form>`),
    },
  ],
  [
    'asks for another password',
    {
      refuse: (_, __, id) =>
        html(
          'Expired',
          `<form method="post" action="${action(id)}"><input type="password" name="old">` +
            `<input type="password" name="new" autocomplete="new-password"><button>Change</button></form>`,
        ),
    },
  ],
];

function form(id: string, above: string, below: string): Reply {
  return html(
    'Log in',
    `${above}<form method="post" action="${action(id)}"><input name="username"><input name="password" type="password"><button>Log in</button></form>${below}`,
  );
}

for (const [how, idp] of refusals)
  test(`an STS that ${how} gets the password once in ${runs} runs`, async () => {
    const { arrived, results } = await repeatedRuns({ idp, accounts: [wrong], runs, deadlineMs: 'never answers' === how ? 8_000 : 15_000 });
    noteSubmissions(runs, arrived(wrong.password));
    expect(arrived(wrong.password), results[0]?.[0]?.why).toBe(1);
    for (const [result] of results.slice(1)) {
      expect(result?.why).toMatch(/^Not tried/i);
      expect(result?.why).toMatch(/in this run|since 20/);
    }
  });

test('an unclear answer found broken stays broken while the account is parked, and is tried once in the next lockout window', async () => {
  const idp = { refuse: () => ({ status: 503, body: 'Service Unavailable' }) };
  const { arrived, results } = await repeatedRuns({ idp, accounts: [wrong], runs: 5, minutesBetween: 10 });
  expect(results.map(([result]) => result?.verdict)).toEqual(['broken', 'broken', 'broken', 'broken', 'broken']);
  expect(results[1]?.[0]?.why).toMatch(/^Not tried again since .*, to protect the account until .*503/);
  noteSubmissions(results.length, arrived(wrong.password), 2);
  expect(arrived(wrong.password)).toBe(2);
});

test('two wrong passwords of one account go out once each, however often they take turns', async () => {
  const other = { user: account.user, password: 'Nor is this 2 "&%"', target: 'other' };
  const { arrived } = await repeatedRuns({ accounts: [wrong, other], runs });
  noteSubmissions(2 * runs, arrived(wrong.password) + arrived(other.password), 2);
  expect([arrived(wrong.password), arrived(other.password)]).toEqual([1, 1]);
});

test('a stale password goes out once although the right one of the same account is accepted in every run', async () => {
  const right = { ...account, target: 'right' };
  for (const accounts of [
    [right, wrong],
    [wrong, right],
  ]) {
    const { arrived, results } = await repeatedRuns({ accounts, runs });
    noteSubmissions(runs, arrived(wrong.password));
    expect(arrived(wrong.password)).toBe(1);
    expect(results.at(-1)?.find(({ target }) => target === 'right')?.verdict).toBe('healthy');
  }
});

test('four spellings of one account submit its password once between them', async () => {
  const spellings = ['EXAMPLE\\probe', 'probe@example.test', 'example.test\\Probe', 'PROBE'];
  const accounts = spellings.map((user, index) => ({ user, password: wrong.password, target: `spelled-${index + 1}` }));
  const { arrived, results } = await repeatedRuns({ accounts, runs });
  noteSubmissions(runs * accounts.length, arrived(wrong.password));
  expect(arrived(wrong.password)).toBe(1);
  expect(results[0]?.slice(1).map(({ why }) => why)).toEqual(
    Array(3).fill(expect.stringMatching(/^Not tried: this account was refused for spelled-1 \(ifd\) in this run/)),
  );
  expect(results.flat().map(({ verdict, causes }) => `${verdict} ${causes[0]?.id}`)).toEqual(Array(runs * 4).fill('unknown wrong-password'));
});
