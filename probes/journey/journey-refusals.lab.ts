/** The probe as an outsider: relying parties that refuse a token, each in its own way. */
import { expect, test } from '@playwright/test';
import { expectEnding, signInAbroad } from '../testing/foreign/foreign-world';
import { type Answer, html, redirect, type Reply } from '../testing/foreign/virtual-hosts';
import type { RelyingPartyWishes } from '../testing/foreign/relying-party';
import type { Stage, Symptom } from '../../contracts/words';

interface Face {
  readonly named: string;
  readonly refuse: RelyingPartyWishes['refuse'];
  readonly pages?: RelyingPartyWishes['pages'];
  readonly symptom: Symptom;
  readonly why: RegExp;
  readonly failedAt?: Stage;
  readonly withinMs: number;
  readonly tokenPosts?: number;
}

const byScript = (script: string): Reply => html('Please wait', `<p>Please wait</p><script>${script}</script>`);
const location = (answer: Answer): string => (typeof answer === 'string' ? '' : String(answer.headers?.Location));

const faces: readonly Face[] = [
  {
    named: "with 500 and the library's message as title",
    refuse: (why) => ({ ...html(why, '<h1>Server Error in Application</h1>'), status: 500 }),
    symptom: 'error-page',
    why: /app\.example\.test.* 500 to the token: "The .*signature.*Server Error/,
    withinMs: 2_000,
  },
  {
    named: 'with a 403 page',
    refuse: (why) => ({ ...html('Forbidden', why), status: 403 }),
    symptom: 'error-page',
    why: / 403 to the token: "Forbidden/,
    withinMs: 2_000,
  },
  { named: 'with 401 and no body', refuse: () => ({ status: 401 }), symptom: 'http-401', why: / 401/, withinMs: 2_000 },
  {
    named: 'with a page of status 200 that tells the error',
    refuse: (why) => html('Oops', why),
    symptom: 'error-page',
    why: /without a session.*"Oops".*signature/,
    withinMs: 3_500,
  },
  {
    named: 'by a redirect to its error page, with cookies everybody gets',
    refuse: () => redirect('/error?id=7', { 'Set-Cookie': ['JSESSIONID=0123456789abcdef0123456789; Path=/', 'flash=0123456789abcdef0123; Path=/'] }),
    pages: { '/error': () => html('Error', 'Login was not possible (7).') },
    symptom: 'error-page',
    why: /without a session.*\/error.*Login was not possible/,
    withinMs: 3_500,
  },
  {
    named: 'by a redirect back to the STS, for ever',
    refuse: (_, signIn) => signIn(),
    symptom: 'redirect-loop',
    why: /loop at its third round.*2 token/,
    withinMs: 3_000,
    tokenPosts: 2,
  },
  {
    named: 'by a script that goes back to the STS after a second',
    refuse: (_, signIn) => byScript(`setTimeout(() => { location.href = ${JSON.stringify(location(signIn()))} }, 1000)`),
    symptom: 'redirect-loop',
    why: /third round/,
    withinMs: 5_000,
    tokenPosts: 2,
  },
  {
    named: 'by a page that refreshes itself to the STS after two seconds',
    refuse: (_, signIn) => html('Moment', 'You will be sent on.', `<meta http-equiv="refresh" content="2; url=${location(signIn())}">`),
    symptom: 'redirect-loop',
    why: /third round/,
    withinMs: 7_500,
    tokenPosts: 2,
  },
  { named: 'with 204 and no page', refuse: () => ({ status: 204 }), symptom: 'no-answer', why: /No page came from app\.example\.test.*204/, withinMs: 4_000 },
  {
    named: 'with a download',
    refuse: () => ({ headers: { 'Content-Type': 'application/octet-stream', 'Content-Disposition': 'attachment; filename=error.bin' }, body: 'x' }),
    symptom: 'no-answer',
    why: /No page came from app\.example\.test.*octet-stream/,
    withinMs: 4_000,
  },
  { named: 'by closing the connection', refuse: () => 'reset', symptom: 'no-answer', why: /No answer from app\.example\.test/, withinMs: 3_000 },
  {
    named: 'with a sign-in form of its own',
    refuse: () => html('Local sign-in', '<form method="post" action="/local"><input name="user"><input type="password" name="pw"><button>Go</button></form>'),
    symptom: 'repeated-prompt',
    why: /form came again at app\.example\.test.* after a token had been posted/,
    withinMs: 2_000,
  },
  {
    named: 'with an error page whose spinner never rests',
    refuse: () => byScript("document.title = 'Error'; setInterval(() => { document.body.dataset.turn = String(Date.now()) }, 20)"),
    symptom: 'error-page',
    why: /without a session.*"Error"/,
    withinMs: 12_000,
  },
];

for (const { named, refuse, pages, symptom, why, failedAt = 'token-post', withinMs, tokenPosts = 1 } of faces)
  test(`a token refused ${named} is told at the token, and is no proof of KB 2686840`, async () => {
    const anonymousCookies = ['JSESSIONID=fedcba9876543210fedcba9876; Path=/', 'lb=node1-node1-node1-node1; Path=/'];
    const world = await signInAbroad({ refusesTokens: true, rp: { refuse, pages, anonymousCookies } });
    expectEnding(world, { symptom, failedAt, why, submissions: 1, withinMs });
    expect(world.party.refusals[0]).toMatch(/signature/);
    expect(world.journey.tokenPosts).toBe(tokenPosts);
    expect(world.evidence.token?.postedTo).toContain('app.example.test');
  });

test('a good token whose session the next page does not know is told at the session, not at the token', async () => {
  const world = await signInAbroad({ rp: { accept: () => redirect('/home', { 'Set-Cookie': 'wrongname=0123456789abcdef0123456789; Path=/' }) } });
  expectEnding(world, { symptom: 'redirect-loop', failedAt: 'crm-session', why: /third round/, submissions: 1, withinMs: 3_500 });
});

test('a page behind a good session that lacks the proof of sign-in is told as unknown, at the page', async () => {
  const world = await signInAbroad({ rp: { home: () => html('Maintenance', '<p>Back at noon.</p>') } });
  expectEnding(world, { symptom: 'other', failedAt: 'crm-page', why: /unknown page: title "Maintenance".*Back at noon/, submissions: 1, withinMs: 3_500 });
});

test('an STS that shows its form again after a token, without error, is a repeated prompt at the token', async () => {
  const world = await signInAbroad({
    refusesTokens: true,
    rp: { refuse: (_, signIn) => redirect(`${location(signIn())}&wfresh=0`) },
    idp: { endpoint: '/wsfed', forgetsSessions: true },
  });
  expectEnding(world, {
    symptom: 'repeated-prompt',
    failedAt: 'token-post',
    why: /form came again at idp\.example\.test.* after a token/,
    submissions: 1,
    withinMs: 2_500,
  });
});
