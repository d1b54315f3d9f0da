/** The journey against the embedded AD FS and CRM: both routes, every page it knows there, and the ends no server can help. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FaultId } from '../../lab/lab-types';
import type { PageKind, RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { Route, Stage, Symptom } from '../../contracts/words';
import { type Lab, startLab } from '../../lab/start-lab';
import { type BrowserChoice, findBrowser } from '../browser/browser';
import { createLog } from '../../system/log';
import { createRedactor } from '../redaction/redact';
import { runProbe } from '../run-probe';
import { Secret } from '../secrets/secret';
import { SubmitOnce } from '../account-state/submit-once';
import { loadTargets } from '../../config/targets';
import { canFindProcesses, killBrowser } from '../testing/foreign/browser-processes';

let lab: Lab;
let browser: BrowserChoice;

test.beforeAll(async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  browser = search.choice;
  lab = await startLab();
});
test.beforeEach(() => lab.setFaults([]));
test.afterAll(() => lab?.close());

interface Circumstances {
  readonly deadlineMs?: number;
  readonly submitOnce?: SubmitOnce;
  /** The configured one unless given. */
  readonly account?: Target['account'];
}

async function signIn(route: Route, { deadlineMs = 20_000, submitOnce = new SubmitOnce(), account }: Circumstances = {}): Promise<RouteEvidence> {
  const loaded = loadTargets(lab.config);
  const found = loaded.ok ? loaded.targets.find((target) => target.route === route) : undefined;
  if (!found) throw new Error(`the lab's configuration has no route ${route}`);
  const folder = await mkdtemp(join(lab.folder, 'run-'));
  await mkdir(join(folder, 'screens'));
  const redactor = createRedactor();
  const log = createLog({ level: 'error', quiet: true, redactor });
  return runProbe(
    { ...found, deadlineMs, account: account ?? found.account },
    { browser, redactor, log, submitOnce, password: new Secret(lab.credentials.password), folder, runId: 'lab' },
  );
}

const stepsOf = ({ exchanges }: RouteEvidence): string[] => exchanges.map(({ step, status }) => `${step} ${status}`);

test('over the internal route NTLM is asked for once, answered once, and CRM knows who signed in', async () => {
  const { journey, method, exchanges, whoAmI, timings, ...evidence } = await signIn('internal');
  expect(journey, journey.why).toMatchObject({
    signedIn: 'yes',
    rounds: 1,
    tokenPosts: 1,
    credentialSubmissions: 1,
    windowsPrompts: 1,
    signedInAs: 'probe@contoso.test',
  });
  expect(method).toBe('windows');
  expect(whoAmI?.ok).toBe(true);
  expect(exchanges.some(({ authorization }) => /ntlm|negotiate/i.test(authorization ?? ''))).toBe(true);
  expect(evidence.pages.at(-1)).toMatchObject({ kind: 'crm-shell', action: 'arrived' });
  expect(timings.totalMs).toBeLessThan(5_000);
});

test('over IFD the form is filled in once, and every exchange has its step', async () => {
  const evidence = await signIn('ifd');
  expect(evidence.journey, evidence.journey.why).toMatchObject({
    signedIn: 'yes',
    rounds: 1,
    tokenPosts: 1,
    credentialSubmissions: 1,
    windowsPrompts: null,
    signedInAs: 'probe@contoso.test',
  });
  expect(evidence.method).toBe('forms');
  expect(stepsOf(evidence).slice(0, 5)).toEqual(['crm-redirect 302', 'sts-page 200', 'credentials 302', 'token-issue 200', 'token-post 302']);
  expect(evidence.pages[0]).toMatchObject({ kind: 'sts-forms', recognisedBy: 'adfs-forms', action: 'typed the credentials' });
  expect(evidence.timings.totalMs).toBeLessThan(5_000);
});

test('a wrong password is submitted once in a run, whichever route comes first', async () => {
  await lab.setFaults(['wrong-password']);
  const submitOnce = new SubmitOnce();
  const refused = await signIn('ifd', { submitOnce });
  expect(refused.journey).toMatchObject({ signedIn: 'no', symptom: 'repeated-prompt', failedAt: 'credentials', credentialSubmissions: 1 });
  expect(refused.journey.why).toContain('Incorrect user ID or password');
  const withheld = await signIn('internal', { submitOnce });
  expect(withheld.journey).toMatchObject({ signedIn: 'unknown', failedAt: null, credentialSubmissions: 0, parked: { state: 'refused', route: 'ifd' } });
  expect(withheld.journey.withheld).toMatch(/this account was refused for \S+ \(ifd\) in this run/);
});

test('the logged-on account cannot answer a form: whether people can sign in is unknown', async () => {
  const evidence = await signIn('ifd', { account: { kind: 'windows-current' } });
  expect(evidence.journey).toMatchObject({ signedIn: 'unknown', failedAt: null, credentialSubmissions: 0 });
  expect(evidence.journey.why).toContain('showed a sign-in form; the credentials were not given: the account is the current Windows account');
});

interface Met {
  readonly fault: FaultId;
  readonly route: Route;
  readonly kind: PageKind;
  readonly symptom: Symptom;
  readonly failedAt: Stage;
}
const met: readonly Met[] = [
  { fault: 'adfs-signing-cert-rolled', route: 'ifd', kind: 'crm-error', symptom: 'error-page', failedAt: 'token-post' },
  { fault: 'wia-spn-missing-or-duplicate', route: 'internal', kind: 'sts-windows-challenge', symptom: 'repeated-prompt', failedAt: 'credentials' },
  { fault: 'mfa-required-for-probe', route: 'ifd', kind: 'sts-mfa', symptom: 'other', failedAt: 'token-issue' },
  { fault: 'rp-identifier-missing', route: 'ifd', kind: 'sts-error', symptom: 'error-page', failedAt: 'sts-page' },
  { fault: 'adfs-service-down', route: 'ifd', kind: 'http-error', symptom: 'error-page', failedAt: 'sts-page' },
  { fault: 'crm-app-pool-down', route: 'internal', kind: 'http-error', symptom: 'error-page', failedAt: 'crm-redirect' },
  { fault: 'dns-missing-or-wrong-target', route: 'ifd', kind: 'no-answer', symptom: 'no-answer', failedAt: 'dns' },
  { fault: 'tls-cert-expired', route: 'ifd', kind: 'no-answer', symptom: 'no-answer', failedAt: 'tls' },
];
for (const { fault, route, kind, symptom, failedAt } of met)
  test(`${fault} over ${route} ends at a page of kind ${kind}, at ${failedAt}`, async () => {
    await lab.setFaults([fault]);
    const { journey, pages, timings } = await signIn(route);
    expect(pages.at(-1)?.kind, journey.why).toBe(kind);
    expect(journey).toMatchObject({ signedIn: 'no', symptom, failedAt });
    expect(timings.totalMs, journey.why).toBeLessThan(5_000);
  });

test('the deadline ends a sign-in wherever it is, and says so', async () => {
  const { journey } = await signIn('ifd', { deadlineMs: 1 });
  expect(journey).toMatchObject({ signedIn: 'no', symptom: 'no-answer', credentialSubmissions: 0 });
  expect(journey.why).toMatch(/deadline of 0\.001 s/);
});

test.describe('when the browser is gone in the middle of a sign-in', () => {
  test.skip(!canFindProcesses, 'needs /proc');
  for (const [what, said] of [
    ['browser', /browser was closed or killed/],
    ['renderers', /page crashed|browser was closed/],
  ] as const)
    test(`by the loss of its ${what}, nothing is thrown, what was seen is kept, and nothing is said about the sign-in`, async () => {
      // Killed while CRM answers its first request, when the browser is at work for certain.
      const restore = lab.crm.settings.realmTranslation;
      lab.crm.settings.realmTranslation = (realm) => {
        killBrowser(what);
        return realm;
      };
      try {
        const { journey, exchanges } = await signIn('internal');
        expect(journey).toMatchObject({ signedIn: 'unknown', symptom: 'other', failedAt: null, credentialSubmissions: 0 });
        expect(journey.why).toMatch(said);
        expect(exchanges.length).toBeGreaterThan(0);
      } finally {
        lab.crm.settings.realmTranslation = restore;
      }
    });
});
