import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SubmitOnce } from '../account-state/submit-once';
import { type AccountAtSts, ParkedAccounts } from './parked-accounts';
import { stateFolder } from './state-folder';

const account: AccountAtSts = { stsOrigin: 'https://sts.contoso.com', user: 'CONTOSO\\probe' };
const password = 'Pärk "canary" 1<&>';
const journey = { name: 'contoso', route: 'ifd' } as const;
const circumstances = { runId: '20261123T080000Z-ab12', target: 'contoso', route: 'ifd' } as const;
const minute = 60_000;

/** The accounts of a machine, at a time that the test sets. */
function machine(folder: string) {
  mkdirSync(folder, { recursive: true });
  const state = join(folder, 'state');
  let now = Date.parse('2026-11-23T08:00:00.000Z');
  const accounts = (): ParkedAccounts => ParkedAccounts.in(state, () => now);
  const run = (id = 'run-1'): SubmitOnce => {
    const submitOnce = new SubmitOnce();
    submitOnce.keepIn(accounts(), id);
    return submitOnce;
  };
  return { accounts, run, files: join(state, 'accounts'), after: (ms: number) => void (now += ms) };
}

test('a password is on the disk as submitted before anybody knows the answer, and is not submitted again by another process', ({}, info) => {
  const { run } = machine(info.outputPath());
  expect(run('run-1').begin(account, password, journey)).toEqual({ ok: true });
  // The first process was killed here.
  const may = run('run-2').mayGive(account, password);
  expect(may).toMatchObject({ ok: false, parked: { state: 'unclear', runId: 'run-1', until: '2026-11-23T08:31:00.000Z' } });
  expect(may).toMatchObject({
    why: expect.stringMatching(/parked since 2026-11-23T08:00.*unclear.*by itself after 2026-11-23T08:31.*account release "CONTOSO\\probe"$/),
  });
});

test('an unclear answer holds every password of the account back for the lockout window and a minute, once per window', ({}, info) => {
  const { accounts, after } = machine(info.outputPath());
  accounts().begin(account, password, circumstances, 10);
  accounts().ended(account, password, 'unclear', 'the STS answered 503');
  expect(accounts().objection(account, 'another password', 'another run')).toMatchObject({ state: 'unclear', how: 'the STS answered 503' });
  after(10 * minute);
  expect(accounts().objection(account, password, 'another run')).not.toBeNull();
  after(minute);
  expect(accounts().objection(account, password, 'another run')).toBeNull();
  accounts().begin(account, password, circumstances, 10);
  expect(accounts().objection(account, password, 'another run')).not.toBeNull();
});

test('a refused password is never submitted again by itself; another one is, and its acceptance does not make the refused one known as good', ({}, info) => {
  const { accounts, after } = machine(info.outputPath());
  accounts().begin(account, password, circumstances);
  accounts().ended(account, password, 'refused', 'the form came again');
  after(365 * 24 * 60 * minute);
  expect(accounts().objection(account, password, 'another run')).toMatchObject({ state: 'refused', until: null, how: 'the form came again' });
  expect(accounts().objection(account, 'right', 'another run')).toBeNull();
  accounts().begin(account, 'right', circumstances);
  accounts().forget(account, 'right');
  expect(accounts().objection(account, password, 'another run')).toMatchObject({ state: 'refused' });
});

test('two wrong passwords that take turns are submitted once each, and a third of the account waits for the window', ({}, info) => {
  const { accounts, after } = machine(info.outputPath());
  const passwords = ['wrong one', 'wrong two', 'wrong three'];
  let submitted = 0;
  for (let turn = 0; turn < 10; turn++)
    for (const each of passwords) {
      if (accounts().objection(account, each, 'another run')) continue;
      submitted += 1;
      accounts().begin(account, each, circumstances);
      accounts().ended(account, each, 'refused', 'the form came again');
    }
  expect(submitted).toBe(2);
  after(31 * minute);
  expect(accounts().objection(account, 'wrong three', 'another run')).toBeNull();
  expect(accounts().objection(account, 'wrong one', 'another run')).not.toBeNull();
});

test('all spellings that may be one account are one at an STS; another user and another STS are not', ({}, info) => {
  const { accounts } = machine(info.outputPath());
  accounts().begin(account, password, circumstances);
  accounts().ended(account, password, 'refused', 'the form came again');
  for (const user of ['contoso\\PROBE', 'probe@contoso.com', 'Probe@contoso.local', 'probe', 'contoso.com\\probe', ' CONTOSO\\probe '])
    expect(accounts().objection({ ...account, user }, password, 'another run'), user).toMatchObject({ state: 'refused' });
  expect(accounts().objection({ ...account, stsOrigin: 'https://sts.contoso.com:8443' }, password, 'another run')).toBeNull();
  expect(accounts().objection({ ...account, user: 'CONTOSO\\other' }, password, 'another run')).toBeNull();
});

test('what is on disk holds the password in no form, is its owner’s alone whatever the umask, and its salt is new for each account', ({}, info) => {
  const before = process.umask(0);
  try {
    const { accounts, files } = machine(info.outputPath());
    accounts().begin(account, password, circumstances);
    const [name = ''] = readdirSync(files);
    const text = readFileSync(join(files, name), 'utf8');
    for (const form of [
      password,
      encodeURIComponent(password),
      JSON.stringify(password).slice(1, -1),
      Buffer.from(password).toString('base64'),
      Buffer.from(password).toString('hex'),
    ])
      expect(text).not.toContain(form);
    expect(name).not.toMatch(/probe|contoso/i);
    if (process.platform !== 'win32') {
      expect(statSync(join(files, name)).mode & 0o777).toBe(0o600);
      for (const path of [files, join(files, '..')]) expect(statSync(path).mode & 0o777).toBe(0o700);
    }
    accounts().begin({ ...account, user: 'CONTOSO\\other' }, password, circumstances);
    const salts = readdirSync(files).map((file) => (JSON.parse(readFileSync(join(files, file), 'utf8')) as { tries: { salt: string }[] }).tries[0]?.salt);
    expect(new Set(salts).size).toBe(2);
  } finally {
    process.umask(before);
  }
});

test('where the submission cannot be noted nothing is submitted, and the message names the folder', ({}, info) => {
  const { run, files } = machine(info.outputPath());
  const submitOnce = run();
  rmSync(files, { recursive: true });
  expect(submitOnce.begin(account, password, journey)).toMatchObject({
    ok: false,
    parked: null,
    why: expect.stringContaining(`The folder ${files} cannot be written (ENOENT)`),
  });
});

test('release lets the account go at every STS, by a name that stands in a record alone', ({}, info) => {
  const { accounts } = machine(info.outputPath());
  accounts().begin(account, password, circumstances);
  accounts().begin({ ...account, stsOrigin: 'https://sts.fabrikam.com' }, password, circumstances);
  expect(accounts().release('probe')).toEqual([]);
  expect(
    accounts()
      .release('contoso\\probe')
      .map(({ stsOrigin }) => stsOrigin)
      .sort(),
  ).toEqual(['https://sts.contoso.com', 'https://sts.fabrikam.com']);
  expect(accounts().list()).toEqual([]);
});

test('a clock that was set back parks nobody for longer than the window, and lets nobody go early', ({}, info) => {
  const { accounts, after } = machine(info.outputPath());
  after(365 * 24 * 60 * minute);
  accounts().begin(account, password, circumstances);
  after(-365 * 24 * 60 * minute);
  expect(accounts().objection(account, password, 'another run')).toMatchObject({ since: '2026-11-23T08:00:00.000Z' });
  after(30 * minute);
  expect(accounts().objection(account, password, 'another run')).not.toBeNull();
  after(minute);
  expect(accounts().objection(account, password, 'another run')).toBeNull();
});

test('an expired password is tried again by itself after the window: renewed, the directory takes the same one', ({}, info) => {
  const { accounts, after } = machine(info.outputPath());
  accounts().begin(account, password, circumstances);
  accounts().ended(account, password, 'refused', 'the form came again: "Your password has expired."');
  const found = { verdict: 'unknown', symptom: 'repeated-prompt', failedAt: 'credentials', why: '…' } as const;
  accounts().explain(account, circumstances, { ...found, causes: [{ id: 'password-expired-or-must-change', certainty: 'probable' }] });
  expect(accounts().objection(account, password, 'another run')).toMatchObject({
    until: '2026-11-23T08:31:00.000Z',
    found: { causes: [{ id: 'password-expired-or-must-change' }] },
  });
  after(31 * minute);
  expect(accounts().objection(account, password, 'another run')).toBeNull();
});

test('records of version 1 are read, and their passwords stay refused', ({}, info) => {
  const { accounts, files } = machine(info.outputPath());
  accounts().begin(account, password, circumstances);
  const [name = ''] = readdirSync(files);
  const { tries } = JSON.parse(readFileSync(join(files, name), 'utf8')) as { tries: { salt: string; scrypt: string }[] };
  accounts().release(account.user);
  const old = { schema: 1, ...account, parkedAt: '2026-01-01T00:00:00.000Z', ...circumstances, how: 'the form came again', refused: tries[0] };
  writeFileSync(join(files, 'named-otherwise.json'), JSON.stringify(old));
  expect(accounts().objection({ ...account, user: 'probe@contoso.com' }, password, 'another run')).toMatchObject({
    state: 'refused',
    since: '2026-01-01T00:00:00.000Z',
  });
  expect(readdirSync(files)).toHaveLength(1);
});

test('a damaged record is no permission', ({}, info) => {
  const { accounts, files } = machine(info.outputPath());
  accounts().begin(account, password, circumstances);
  writeFileSync(join(files, readdirSync(files)[0] ?? ''), '{"schema":2');
  expect(() => accounts()).toThrow(/damaged file\. Look whether the account is locked, then delete the file/);
});

test('a state folder that cannot be written is one clear message, not a run without protection', ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  writeFileSync(info.outputPath('file'), '');
  expect(() => ParkedAccounts.in(info.outputPath('file', 'state'))).toThrow(/The state folder .* cannot be written .*SIGNIN_PROBE_STATE/);
});

test('a password that the STS took by its form is not parked when Windows sign-in refuses it', ({}, info) => {
  const { accounts, run } = machine(info.outputPath());
  const submitOnce = run();
  submitOnce.begin(account, password, journey);
  submitOnce.taken(account, password);
  submitOnce.begin(account, password, { name: 'contoso', route: 'internal' });
  submitOnce.refused(account, password, 'Windows sign-in was refused');
  expect(accounts().list()).toEqual([]);
});

test('the state is kept where each system keeps such things', () => {
  expect(stateFolder({ ProgramData: 'D:\\Data' }, 'win32')).toBe('D:\\Data\\signin-probe');
  expect(stateFolder({ XDG_STATE_HOME: '/var/state' }, 'linux')).toBe('/var/state/signin-probe');
  expect(stateFolder({ XDG_STATE_HOME: 'relative' }, 'linux')).toMatch(/^(?:\/|[A-Z]:\\).*\.local\/state\/signin-probe$/);
});
