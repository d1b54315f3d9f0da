import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SubmitOnce } from '../submit-once';
import { type AccountAtSts, ParkedAccounts } from './parked-accounts';
import { stateFolder } from './state-folder';

const account: AccountAtSts = { stsOrigin: 'https://sts.contoso.com', user: 'CONTOSO\\probe' };
const password = 'Pärk "canary" 1<&>';
const circumstances = {
  parkedAt: '2026-11-23T08:00:00.000Z',
  runId: '20261123T080000Z-ab12',
  target: 'contoso',
  route: 'ifd',
  how: 'the form came again',
} as const;

const parkedIn = (folder: string): ParkedAccounts => {
  mkdirSync(folder, { recursive: true });
  return new ParkedAccounts(join(folder, 'state'));
};

test('a parked password is refused in whatever case the name is written; another password, another STS and another user are not', ({}, info) => {
  const accounts = parkedIn(info.outputPath());
  accounts.park(account, password, circumstances);
  expect(accounts.objection({ ...account, user: 'contoso\\PROBE' }, password)).toMatchObject(circumstances);
  expect(accounts.objection(account, `${password}2`)).toBeNull();
  expect(accounts.objection({ ...account, stsOrigin: 'https://sts.contoso.com:8443' }, password)).toBeNull();
  expect(accounts.objection({ ...account, user: 'CONTOSO\\other' }, password)).toBeNull();
});

test('what is on disk holds the password in no form, is its owner’s alone, and its salt is new each time', ({}, info) => {
  const accounts = parkedIn(info.outputPath());
  accounts.park(account, password, circumstances);
  const folder = info.outputPath('state', 'accounts');
  const [name = ''] = readdirSync(folder);
  const first = readFileSync(join(folder, name), 'utf8');
  for (const form of [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    Buffer.from(password).toString('base64'),
    Buffer.from(password).toString('hex'),
  ])
    expect(first).not.toContain(form);
  expect(name).not.toMatch(/probe|contoso/i);
  if (process.platform !== 'win32') {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    for (const path of [folder, info.outputPath('state')]) expect(statSync(path).mode & 0o777).toBe(0o700);
  }
  accounts.park(account, password, circumstances);
  const scrypt = (text: string): string => (JSON.parse(text) as { refused: { scrypt: string } }).refused.scrypt;
  expect(scrypt(readFileSync(join(folder, name), 'utf8'))).not.toBe(scrypt(first));
  expect(readdirSync(folder)).toEqual([name]);
});

test('release lets the account go at every STS, by its whole name alone', ({}, info) => {
  const accounts = parkedIn(info.outputPath());
  accounts.park(account, password, circumstances);
  accounts.park({ ...account, stsOrigin: 'https://sts.fabrikam.com' }, password, circumstances);
  expect(accounts.release('probe')).toEqual([]);
  expect(
    accounts
      .release('contoso\\probe')
      .map(({ stsOrigin }) => stsOrigin)
      .sort(),
  ).toEqual(['https://sts.contoso.com', 'https://sts.fabrikam.com']);
  expect(accounts.list()).toEqual([]);
});

test('a damaged record is no permission', ({}, info) => {
  const accounts = parkedIn(info.outputPath());
  accounts.park(account, password, circumstances);
  const folder = info.outputPath('state', 'accounts');
  writeFileSync(join(folder, readdirSync(folder)[0] ?? ''), '{"schema":1');
  expect(() => accounts.objection(account, 'another')).toThrow(/damaged file\. Look whether the account is locked, then delete the file/);
});

test('a state folder that cannot be written is one clear message, not a run without protection', ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  writeFileSync(info.outputPath('file'), '');
  expect(() => new ParkedAccounts(info.outputPath('file', 'state'))).toThrow(/The state folder .* cannot be written .*SIGNIN_PROBE_STATE/);
});

test('what one run is refused, another process does not submit, until the password differs or is taken', ({}, info) => {
  const journey = { name: 'contoso', route: 'ifd' } as const;
  const run = (): SubmitOnce => {
    const submitOnce = new SubmitOnce();
    submitOnce.keepIn(parkedIn(info.outputPath()), 'run-1');
    return submitOnce;
  };
  const first = run();
  expect(first.mayGive(account, password, journey)).toEqual({ ok: true });
  first.given(account, journey);
  first.refused(account, journey, 'the sign-in form came again');
  first.park(account, password, journey);
  expect(run().mayGive(account, password, { name: 'other', route: 'internal' })).toEqual({
    ok: false,
    parked: true,
    why: expect.stringMatching(
      /^not submitted: the account is parked since .*route ifd of contoso \(run run-1: the sign-in form came again\).*signin-probe account release "CONTOSO\\probe"$/,
    ),
  });
  const corrected = run();
  expect(corrected.mayGive(account, 'corrected', journey)).toEqual({ ok: true });
  corrected.taken(account);
  expect(run().mayGive(account, password, journey)).toEqual({ ok: true });
});

test('a password that the STS took by its form is not parked when Windows sign-in refuses it', ({}, info) => {
  const submitOnce = new SubmitOnce();
  const accounts = parkedIn(info.outputPath());
  submitOnce.keepIn(accounts, 'run-1');
  submitOnce.taken(account);
  submitOnce.refused(account, { name: 'contoso', route: 'internal' }, 'Windows sign-in was refused');
  submitOnce.park(account, password, { name: 'contoso', route: 'internal' });
  expect(accounts.list()).toEqual([]);
});

test('the state is kept where each system keeps such things', () => {
  expect(stateFolder({ ProgramData: 'D:\\Data' }, 'win32')).toBe('D:\\Data\\signin-probe');
  expect(stateFolder({ XDG_STATE_HOME: '/var/state' }, 'linux')).toBe('/var/state/signin-probe');
  expect(stateFolder({ XDG_STATE_HOME: 'relative' }, 'linux')).toMatch(/^\/.*\.local\/state\/signin-probe$/);
});
