import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, upToToken } from '../testing/sample-evidence';
import { accountLockedDisabledRestricted } from '../causes/account-locked-disabled-restricted';
import { mfaRequiredForProbe } from '../causes/mfa-required-for-probe';
import { passwordExpiredOrMustChange } from '../causes/password-expired-or-must-change';
import { wrongPassword } from '../causes/wrong-password';
import { formSignIn } from './form-sign-in';
import { stsSays } from './sts-words';

const url = 'https://sts.contoso.com/adfs/ls/';
const typed = page(1, { kind: 'sts-forms', url, action: 'typed the credentials' });
const submitted = [...upToToken('ifd').slice(0, 2), exchange(3, { url, method: 'POST', step: 'credentials' })];
const again = (texts: Record<string, string>) =>
  sample('ifd', {
    journey: failed('credentials', { symptom: 'repeated-prompt' }),
    exchanges: submitted,
    pages: [typed, page(2, { kind: 'sts-forms', url, texts, action: 'stopped' })],
  });
const another = (message: string, title = '') =>
  sample('ifd', {
    journey: failed('credentials'),
    exchanges: submitted,
    pages: [typed, page(2, { kind: 'unknown', url, title, texts: { message }, action: 'stopped' })],
  });

test('a locked or disabled account is read in many languages, and comes before the password', () => {
  for (const text of [
    'Your account has been locked out. Try again in 30 minutes.',
    'This account is disabled. See your administrator.',
    'Ihr Konto wurde gesperrt. Bitte wenden Sie sich an Ihren Administrator.',
    'Votre compte a été verrouillé.',
    'Su cuenta está bloqueada.',
    'Учетная запись заблокирована.',
    'Hesabınız kilitlendi.',
    'アカウントがロックされています。管理者に連絡してください。',
    '您的帐户已被锁定，请联系管理员。',
  ])
    for (const evidence of [again({ errorText: text }), again({ newText: text }), another(text)]) {
      expect(judged(accountLockedDisabledRestricted, evidence).outcome, text).toBe('probable');
      expect(judged(wrongPassword, evidence).outcome, text).not.toBe('probable');
    }
});

test('a warning that the account will be locked, or may be, or is not, says nothing of its state', () => {
  for (const text of [
    'Wrong password. Your account will be locked after 3 more failed attempts.',
    'Incorrect password, or your account may be locked.',
    'Invalid credentials. The account is not locked.',
    'Benutzername oder Kennwort falsch. Nach 5 Fehlversuchen wird das Konto gesperrt.',
    'Mot de passe incorrect. Votre compte sera verrouillé après 3 tentatives.',
    'Contraseña incorrecta. La cuenta será bloqueada.',
    'Incorrect user ID or password. Type the correct user ID and password, and try again.',
  ]) {
    expect(stsSays(again({ errorText: text }), 'locked'), text).toBeNull();
    expect(judged(wrongPassword, again({ errorText: text })).outcome, text).toBe('probable');
  }
});

test('an expired password is read in many languages; one that will expire is none', () => {
  for (const text of [
    'Ihr Kennwort ist abgelaufen. Sie müssen Ihr Kennwort ändern.',
    'Votre mot de passe a expiré.',
    'Su contraseña ha caducado.',
    'Срок действия пароля истек.',
    'パスワードの有効期限が切れました。',
    '您的密码已过期。',
  ])
    expect(judged(passwordExpiredOrMustChange, again({ newText: text })).outcome, text).toBe('probable');
  expect(judged(passwordExpiredOrMustChange, another('Your password has expired.', 'Password')).outcome).toBe('probable');
  for (const text of ['Ihr Kennwort läuft in 5 Tagen ab.', 'Your password will expire in 5 days.']) expect(stsSays(another(text), 'expired'), text).toBeNull();
});

test('a page that waits for a phone is additional authentication, probably: the words alone say so', () => {
  for (const text of [
    'Open your Authenticator app, and enter the number shown to sign in. 42',
    "Check for a Duo Push. Verify it's you by approving the notification.",
    'We sent a notification to your mobile device. Please respond to continue.',
    'Wir haben eine Benachrichtigung an Ihr Mobilgerät gesendet. Bitte bestätigen Sie die Anmeldung in der App.',
    'Une notification a été envoyée sur votre téléphone.',
    '请在身份验证器应用中批准登录请求。',
  ]) {
    const { outcome, text: said } = judged(mfaRequiredForProbe, another(text));
    expect(outcome, text).toBe('probable');
    expect(said).toContain('The words alone say so');
  }
  expect(judged(mfaRequiredForProbe, again({ errorText: 'Wrong password. Use your authenticator app instead.' })).outcome).toBe('clear');
  expect(judged(mfaRequiredForProbe, another('Terms of use. You must accept the terms.')).outcome).toBe('clear');
});

test('a form that wants proof of a person leaves the password open', () => {
  const { outcome, text } = judged(wrongPassword, again({ errorText: 'Please complete the captcha.' }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('That alone refuses any password');
});

test('a form that never left says nothing of the password', () => {
  const stayed = sample('ifd', {
    journey: failed('credentials', { failedAt: null, signedIn: 'unknown', symptom: 'other' }),
    exchanges: upToToken('ifd').slice(0, 2),
    pages: [typed, page(2, { kind: 'sts-forms', url, action: 'stopped' })],
  });
  expect(formSignIn(stayed)).toMatchObject({ state: 'unclear' });
  expect(judged(wrongPassword, stayed).outcome).toBe('cannot-tell');
});

test('a page the probe went on from shows that the password was taken', () => {
  const passed = another('Stay signed in?');
  const pages = passed.pages.map((each) => (each.n === 2 ? { ...each, action: 'pressed "Yes": the page asks whether to stay signed in' } : each));
  expect(formSignIn({ ...passed, pages })).toMatchObject({ state: 'accepted' });
});
