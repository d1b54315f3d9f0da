/** One submission per account, judged by a directory that nobody here wrote: what Samba counts as wrong tries, and what its account states come to. */
import { expect, test } from '@playwright/test';
import { type Attributes, type Directory, lockoutThreshold, spellings, startDirectory, typedName } from '../../probes/testing/directory/directory';
import { findBrowser } from '../../probes/browser/browser';
import { directorySts } from '../../probes/testing/directory/directory-sts';
import { directoryRealm } from '../../probes/testing/directory/directory-realm';
import { cannotRunDirectory } from '../../probes/testing/directory/programs';
import type { IdentityProviderWishes } from '../../probes/testing/foreign/identity-provider';
import { type Account, type Runs, repeatedRuns } from '../../probes/testing/foreign/repeated-runs';
import { stsHost } from '../../probes/testing/kerberos/kdc';
import { type SignIn, startKerberosWorldIn } from '../../probes/testing/kerberos/kerberos-world';
import { missingPrograms } from '../../probes/testing/kerberos/programs';
import { redirect } from '../../probes/testing/foreign/virtual-hosts';
import { noteSubmissions } from './testing/note-submissions';

const why = cannotRunDirectory();
test.skip(why !== null, `Samba as a domain controller cannot run here: ${why}`);

const full = Boolean(process.env.SECURITY_FULL);
const runs = full ? 10 : 3;
// One domain controller for all: one after the other, in one process.
test.describe.configure({ mode: 'default', timeout: 90_000 + runs * 10_000 });

const right = 'Right 1 "&%" +\\x';
const wrong = 'Not the right 1 "&%"';

let directory: Directory;
let made = 0;
test.beforeAll(async () => {
  directory = await startDirectory();
});
test.afterAll(() => directory?.stop());

async function newUser(attributes?: Attributes): Promise<string> {
  const user = `probe${++made}`;
  await directory.add(user, right, attributes);
  return user;
}

const verdicts = ({ results }: Runs): string[] => results.flat().map(({ verdict, causes }) => `${verdict} ${causes[0]?.id ?? 'no cause'}`);
const windows = (): Partial<IdentityProviderWishes> => ({ ...directorySts(directory).idp, challenge: 'NTLM' });

for (const way of ['form', 'NTLM'] as const)
  test(`a good sign-in by ${way} leaves no wrong try in the directory`, async () => {
    const user = await newUser();
    const idp = way === 'form' ? directorySts(directory).idp : windows();
    const done = await repeatedRuns({ idp, accounts: [{ user: typedName(user), password: right }], runs });
    expect(
      done.results.map(([result]) => result?.verdict),
      done.results[0]?.[0]?.why,
    ).toEqual(Array(runs).fill('healthy'));
    noteSubmissions(runs, await directory.wrongTries(user), 0);
    expect(await directory.wrongTries(user)).toBe(0);
  });

type Answering = (directory: Directory) => Partial<IdentityProviderWishes>;
const answering: readonly (readonly [string, Answering])[] = [
  ['on AD FS’s form', (it) => directorySts(it).idp],
  ['on AD FS’s pages, one for the user and one for the password', (it) => directorySts(it, { paginated: true }).idp],
  [
    'that the STS answers with 500 after it has asked the directory',
    (it) => ({ ...directorySts(it).idp, refuse: () => ({ status: 500, body: 'Server Error' }) }),
  ],
  ['that the STS answers with 307 to itself', (it) => ({ ...directorySts(it).idp, refuse: (_, { url }) => redirect(url.href, {}, 307) })],
  ['by NTLM', () => windows()],
];
for (const [how, idpOf] of answering)
  test(`a wrong password ${how} is one wrong try in ${runs} runs`, async () => {
    const user = await newUser();
    const done = await repeatedRuns({ idp: idpOf(directory), accounts: [{ user: typedName(user), password: wrong }], runs });
    noteSubmissions(runs, await directory.wrongTries(user));
    expect(await directory.wrongTries(user), done.results[0]?.[0]?.why).toBe(1);
    expect(done.results.flat().map(({ verdict }) => verdict)).not.toContain('healthy');
  });

test('where a policy forbids NTLM, the right password is asked for once in all runs, counts no wrong try, and ends as unknown', async () => {
  const forbids = await startDirectory({ ntlm: 'disabled' });
  try {
    await forbids.add('probe', right);
    const idp = { ...directorySts(forbids).idp, challenge: 'NTLM' } as const;
    const done = await repeatedRuns({ idp, accounts: [{ user: typedName('probe'), password: right }], runs });
    noteSubmissions(runs, forbids.ntlm.refusals.length);
    expect(forbids.ntlm.refusals).toEqual(['NT_STATUS_NTLM_BLOCKED']);
    expect(await forbids.wrongTries('probe')).toBe(0);
    for (const result of done.results.flat()) {
      expect(result.verdict).toBe('unknown');
      expect(result.causes.map(({ certainty }) => certainty).filter((certainty) => certainty !== 'suspected')).toEqual([]);
    }
    expect(JSON.stringify(done.results)).not.toContain('2686840');
  } finally {
    await forbids.stop();
  }
});

test(`a wrong password of one account under ${spellings('u').length} spellings is one wrong try`, async () => {
  const user = await newUser();
  const accounts: Account[] = spellings(user).map((spelling, index) => ({ user: spelling, password: wrong, target: `spelled-${index + 1}` }));
  for (const spelling of spellings(user)) expect(await directory.logon(spelling, right), `all of them are the account: ${spelling}`).toBe('NT_STATUS_OK');
  const rounds = full ? runs : 2;
  const done = await repeatedRuns({ idp: directorySts(directory).idp, accounts, runs: rounds });
  noteSubmissions(rounds * accounts.length, await directory.wrongTries(user));
  expect(await directory.wrongTries(user), done.results[0]?.[0]?.why).toBe(1);
  expect(verdicts(done)).toEqual(Array(rounds * accounts.length).fill('unknown wrong-password'));
});

test('the rule is per password: two wrong ones of one account are two wrong tries, however often they take turns', async () => {
  const user = await newUser();
  const accounts = [wrong, 'Nor is this 2 "&%"'].map((password, index) => ({ user: typedName(user), password, target: `target-${index + 1}` }));
  await repeatedRuns({ idp: directorySts(directory).idp, accounts, runs });
  noteSubmissions(runs * accounts.length, await directory.wrongTries(user), 2);
  expect(await directory.wrongTries(user)).toBe(2);
});

/** 1601-01-01 and 100 ns: Active Directory's dates. This one is in 2012. */
const longAgo = '129800000000000000';
const states: readonly { readonly state: string; readonly says: string; readonly attributes?: Attributes; readonly expired?: boolean }[] = [
  { state: 'disabled', says: 'NT_STATUS_ACCOUNT_DISABLED', attributes: { userAccountControl: '514' } },
  { state: 'expired', says: 'NT_STATUS_ACCOUNT_EXPIRED', attributes: { accountExpires: longAgo } },
  { state: 'outside its logon hours', says: 'NT_STATUS_INVALID_LOGON_HOURS', attributes: { 'logonHours:': Buffer.alloc(21).toString('base64') } },
  { state: 'restricted to another computer', says: 'NT_STATUS_INVALID_WORKSTATION', attributes: { userWorkstations: 'ELSEWHERE' } },
  { state: 'locked', says: 'NT_STATUS_ACCOUNT_LOCKED_OUT' },
  { state: 'told to change its password', says: 'NT_STATUS_PASSWORD_MUST_CHANGE', attributes: { pwdLastSet: '0' }, expired: true },
  { state: 'left with an expired password', says: 'NT_STATUS_PASSWORD_EXPIRED', attributes: { pwdLastSet: longAgo }, expired: true },
];
for (const { state, says, attributes, expired = false } of states)
  test(`an account that is ${state}: asked for once, unknown with a cause of the account, and no wrong try, by form and NTLM`, async () => {
    const form = directorySts(directory);
    const update = directorySts(directory, { updatePasswordPage: true });
    const ways = [
      { way: 'form', idp: form.idp, asked: () => form.answers.length },
      ...(expired ? [{ way: 'update-password page', idp: update.idp, asked: () => update.answers.length }] : []),
      { way: 'NTLM', idp: windows(), asked: () => directory.ntlm.refusals.length },
    ];
    for (const { way, idp, asked } of ways) {
      const user = await newUser(attributes);
      if (state === 'locked') for (let tries = 0; tries < lockoutThreshold; tries++) await directory.logon(typedName(user), 'typed by somebody else');
      expect(await directory.logon(typedName(user), right)).toBe(says);
      const before = { asked: asked(), wrongTries: await directory.wrongTries(user) };
      const done = await repeatedRuns({ idp, accounts: [{ user: typedName(user), password: right }], runs: full ? 3 : way === 'form' ? 2 : 1 });
      const told = `${way}: ${done.results[0]?.[0]?.why}`;
      const cause = expired && way !== 'NTLM' ? 'password-expired-or-must-change' : '(wrong-password|account-locked-disabled-restricted)';
      for (const verdict of verdicts(done)) expect(verdict, told).toMatch(new RegExp(`^unknown ${cause}$`));
      expect(JSON.stringify(done.results), 'the KB').not.toContain('2686840');
      noteSubmissions(done.results.length, asked() - before.asked);
      expect(asked() - before.asked, told).toBe(1);
      expect((await directory.wrongTries(user)) - before.wrongTries, told).toBe(0);
    }
  });

for (const updatePasswordPage of [false, true])
  test(`an expired password, told by ${
    updatePasswordPage ? 'the update-password page' : 'the form’s text'
  }, signs in by itself after its date was renewed, in the next lockout window`, async () => {
    const user = await newUser({ pwdLastSet: longAgo });
    const { idp, answers } = directorySts(directory, { updatePasswordPage });
    const done = await repeatedRuns({
      idp,
      accounts: [{ user: typedName(user), password: right }],
      runs: 4,
      minutesBetween: 15,
      beforeRun: async (run) => void (run === 2 && (await directory.change(user, { pwdLastSet: '-1' }))),
    });
    expect(answers).toEqual(['NT_STATUS_PASSWORD_EXPIRED', 'NT_STATUS_OK']);
    expect(done.results.map(([result]) => result?.verdict)).toEqual(['unknown', 'unknown', 'unknown', 'healthy']);
    expect(await directory.wrongTries(user)).toBe(0);
  });

test.describe('as the logged-on account, by a keytab that the directory exported', () => {
  const without = missingPrograms();
  test.skip(without !== null, `Kerberos tests cannot run here: ${without}`);
  /** msDS-SupportedEncryptionTypes: AES, or RC4 alone ([MS-KILE] section 2.2.7). */
  const [aes, rc4] = ['24', '4'];

  /** A sign-in at a service whose account has keys of that type; `only`: what the client allows. */
  async function signInAt(encryption: string, only?: string): Promise<SignIn & { readonly wrongTries: number; readonly schemes: readonly (string | null)[] }> {
    const search = await findBrowser({ configured: null });
    if (!search.ok) throw new Error(search.why);
    const service = `service${++made}`;
    await directory.add(service, right, { servicePrincipalName: `HTTP/${stsHost}`, 'msDS-SupportedEncryptionTypes': encryption });
    const user = await newUser({ 'msDS-SupportedEncryptionTypes': aes });
    const world = await startKerberosWorldIn((folder) => directoryRealm(directory, { folder, only }));
    try {
      const done = await world.signIn({ browser: search.choice, cache: await world.kdc.ticket(user) });
      const accesses = await world.apache.accesses();
      return { ...done, wrongTries: await directory.wrongTries(user), schemes: accesses.flatMap(({ scheme }) => scheme ?? []) };
    } finally {
      await world.close();
      await directory.change(service, { servicePrincipalName: null });
    }
  }

  test('a ticket of the directory signs in, healthy and without a wrong try', async () => {
    const { result, evidence, wrongTries, schemes } = await signInAt(aes);
    expect(result.verdict, result.summary).toBe('healthy');
    expect(evidence.method).toBe('windows');
    expect(result.why).toMatch(/The STS took the ticket of probe\d+@DIRECTORY\.TEST for HTTP\/sts\.contoso\.test@DIRECTORY\.TEST \(Negotiate-Kerberos\)/);
    expect(schemes).toEqual(['Negotiate']);
    noteSubmissions(1, wrongTries, 0);
    expect(wrongTries).toBe(0);
  });

  test('a service without AES keys, for a client that allows AES only, ends with the words of the key distribution centre', async () => {
    const { result, evidence, wrongTries, schemes } = await signInAt(rc4, 'aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96');
    expect(evidence.journey).toMatchObject({ signedIn: 'no', symptom: 'http-401', failedAt: 'credentials' });
    expect(result.why).toMatch(/got no ticket for HTTP\/sts\.contoso\.test: .*no support for encryption type/);
    expect(result.verdict).toBe('unknown');
    expect(schemes).toEqual([]);
    noteSubmissions(1, wrongTries, 0);
    expect(wrongTries).toBe(0);
  });
});
