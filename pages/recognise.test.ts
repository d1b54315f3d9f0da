import { expect, test } from '@playwright/test';
import type { PageContext } from './page-context';
import { emptyFacts, type PageFacts, type PageField } from './page-facts';
import { recognise } from './recognise';

const field = (name: string, type = 'text', more: Partial<PageField> = {}): PageField => ({ name, id: '', type, hint: '', search: false, ...more });
const password = field('Password', 'password');

/** A page of the STS before any credential was given, unless told otherwise. */
function kindOf(facts: Partial<PageFacts>, context: Partial<PageContext> = {}): string {
  const recognition = recognise({
    status: 200,
    challenges: [],
    host: 'sts',
    credentialsGiven: false,
    tokenPosted: false,
    selectorConfigured: false,
    settled: false,
    passwordField: null,
    ...context,
    facts: { ...emptyFacts('https://sts.contoso.com/adfs/ls/'), ...facts },
  });
  return recognition ? `${recognition.kind} by ${recognition.recognisedBy}` : 'unknown';
}
const withPassword = (more: PageField[] = []): Partial<PageFacts> => ({
  fields: [...more, password],
  visiblePasswordFields: 1,
  signInPassword: password,
});
const given = { credentialsGiven: true };

test('a form with a password field is a sign-in, whoever shows it and with whatever status', () => {
  expect(kindOf({ ...withPassword(), hooks: ['loginForm'] })).toBe('sts-forms by adfs-forms');
  expect(kindOf(withPassword(), { status: 401 })).toBe('sts-forms by generic-form');
  expect(kindOf(withPassword(), { host: 'other' })).toBe('sts-forms by generic-form');
  expect(kindOf(withPassword(), { status: 401, challenges: ['Negotiate'] })).toBe('sts-forms by generic-form');
});

test('the field the password was typed into is asked for again, not for a code, whatever it is called', () => {
  const passcode = field('credentials.passcode', 'password');
  const page = { fields: [field('identifier'), passcode], visiblePasswordFields: 1, signInPassword: passcode };
  expect(kindOf(page, given)).toBe('sts-mfa by generic-code-field');
  expect(kindOf(page, { ...given, passwordField: 'credentials.passcode' })).toBe('sts-forms by generic-form');
});

test('a signed-in page of the relying party may have a password field, where the configured proof is on it', () => {
  expect(kindOf({ ...withPassword(), selectorFound: true }, { host: 'crm', tokenPosted: true, selectorConfigured: true })).toBe(
    'crm-shell by configured-selector',
  );
  expect(kindOf(withPassword(), { host: 'crm', tokenPosted: true, selectorConfigured: true })).toBe('sts-forms by generic-form');
});

test('a lone text field of the STS is a user name by its name at once, and by its loneliness once the page rests', () => {
  expect(kindOf({ fields: [field('loginfmt')] })).toBe('sts-forms by generic-user-name');
  expect(kindOf({ fields: [field('f1')] })).toBe('unknown');
  expect(kindOf({ fields: [field('f1')] }, { settled: true })).toBe('sts-forms by generic-user-name');
  expect(kindOf({ fields: [field('f1'), field('f2')] }, { settled: true })).toBe('unknown');
  expect(kindOf({ fields: [field('user', 'text', { search: true })] }, { settled: true })).toBe('unknown');
  expect(kindOf({ fields: [field('user')] }, { host: 'other', settled: true })).toBe('unknown');
  expect(kindOf({ fields: [field('user')] }, given), 'asked for again').toBe('sts-forms by generic-user-name');
  expect(kindOf({ fields: [field('f1')] }, { ...given, settled: true })).toBe('unknown');
});

test('home realm discovery comes before the form that it is part of', () => {
  expect(kindOf({ ...withPassword(), hooks: ['hrdArea', 'loginForm'] })).toBe('sts-home-realm by adfs-home-realm');
});

test('a new password is wanted where AD FS says so, or several password fields come after the credentials', () => {
  expect(kindOf({ hooks: ['updatePasswordArea'], visiblePasswordFields: 3 })).toBe('sts-update-password by adfs-update-password');
  expect(kindOf({ visiblePasswordFields: 3 }, given)).toBe('sts-update-password by generic-new-password');
  expect(kindOf({ visiblePasswordFields: 2 })).toBe('unknown');
});

test('a further factor is known by the names of its field, also in a password field, and only after the credentials', () => {
  expect(kindOf({ hooks: ['mfaGreetingDescription'] })).toBe('sts-mfa by adfs-mfa');
  for (const name of ['code', 'otpInput', 'verificationCode', 'pin'])
    expect(kindOf({ fields: [field(name)] }, given), name).toBe('sts-mfa by generic-code-field');
  const otp = field('otp', 'password');
  expect(kindOf({ fields: [otp], visiblePasswordFields: 1, signInPassword: otp }, given)).toBe('sts-mfa by generic-code-field');
  expect(kindOf(withPassword(), given)).toBe('sts-forms by generic-form');
  const called = field('token_password', 'password');
  expect(kindOf({ fields: [called], visiblePasswordFields: 1, signInPassword: called }, given)).toBe('sts-forms by generic-form');
});

test('a challenge is the STS asking, or the relying party or a stranger asking in its place', () => {
  const asked = { status: 401, challenges: ['Negotiate', 'NTLM'] };
  expect(kindOf({}, asked)).toBe('sts-windows-challenge by windows-challenge');
  expect(kindOf({}, { ...asked, host: 'crm' })).toBe('crm-challenge by crm-challenge');
  expect(kindOf({}, { ...asked, host: 'other' })).toBe('crm-challenge by crm-challenge');
  expect(kindOf({}, { status: 401, host: 'crm' })).toBe('http-error by status');
});

test('a page with a token is nothing else', () => {
  expect(kindOf({ ...withPassword(), carriesToken: true })).toBe('sts-working by auto-post');
});

test('error pages are known by structure: ids of AD FS, the reference number of AD FS 2, the address of CRM, the status of others', () => {
  expect(kindOf({ hooks: ['errorArea'], text: 'An error occurred' })).toBe('sts-error by adfs-error');
  for (const label of ['Reference number:', 'Referenznummer:', 'Numéro de référence :', '参照番号：'])
    expect(kindOf({ text: `There was a problem. ${label} 7b4a3d2e-0f4b-4c8a-9b0e-3a5d2f1e6b70` })).toBe('sts-error by adfs-2-error');
  expect(kindOf({ url: 'https://crm.contoso.com/_common/error/errorhandler.aspx?ErrorCode=1' }, { host: 'crm' })).toBe('crm-error by crm-errorhandler');
  expect(kindOf({ text: 'Service Unavailable' }, { status: 503 })).toBe('http-error by status');
});

test("CRM's shell is known by its hooks, or by the configured selector alone; never on the STS or with an error status", () => {
  expect(kindOf({ hooks: ['crmTopBar'] }, { host: 'crm' })).toBe('crm-shell by crm-shell');
  expect(kindOf({ hooks: ['crmTopBar'] }, { host: 'crm', selectorConfigured: true })).toBe('unknown');
  expect(kindOf({ selectorFound: true }, { host: 'other', selectorConfigured: true })).toBe('crm-shell by configured-selector');
  expect(kindOf({ selectorFound: true }, { host: 'sts', selectorConfigured: true })).toBe('unknown');
  expect(kindOf({ hooks: ['crmTopBar'] }, { host: 'crm', status: 500 })).toBe('http-error by status');
});
