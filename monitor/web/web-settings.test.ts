import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type WebConfig, webConfigSchema } from '../../contracts/web-config';
import { hashPassword, verifyPassword } from './guard/password-hash';
import { writeUsers } from './guard/users-file';
import { ownPath } from './routes/sign-in';
import { readWebSettings } from './web-settings';

let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signin-probe-web-settings-'));
  writeUsers(join(folder, 'users.json'), [{ name: 'olga', role: 'operator', hash: await hashPassword('correct horse battery') }]);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refusal = (config: WebConfig): Promise<string> =>
  readWebSettings(config, folder).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
const signIn = { passwords: 'users.json' };

test('without settings the page listens on loopback, and who is on the machine may look', async () => {
  expect(await readWebSettings(undefined, folder)).toMatchObject({
    listen: { host: '127.0.0.1', port: 26868 },
    loopback: true,
    tls: null,
    access: { kind: 'local', role: 'viewer' },
  });
});

test('elsewhere than on loopback it refuses to start without TLS, without sign-in and without its own address, and says all of it at once', async () => {
  const text = await refusal({ listen: '0.0.0.0:8443' });
  for (const missing of ['tls', 'signIn', 'baseUrl']) expect(text).toContain(`add \`${missing}`);
  expect(text.split('\n')).toHaveLength(3);
});

test('behind a proxy it needs sign-in and an https address, even on loopback', async () => {
  expect(await refusal({ behindProxy: true })).toContain('add `signIn`');
  expect(await refusal({ behindProxy: true, signIn, baseUrl: 'http://127.0.0.1' })).toContain('expected a `baseUrl` with https');
  expect(await refusal({ behindProxy: true, signIn, baseUrl: 'https://signin-probe.contoso.com' })).toBe('accepted');
  expect(await refusal({ listen: '0.0.0.0:8080', behindProxy: true, signIn, baseUrl: 'https://signin-probe.contoso.com' })).toBe('accepted');
});

test('settings that contradict each other are refused', async () => {
  expect(await refusal({ local: 'operator', signIn })).toContain('found both `local` and `signIn`');
  expect(await refusal({ baseUrl: 'https://signin-probe.contoso.com' })).toContain('say who speaks TLS');
  expect(await refusal({ listen: '127.0.0.1:70000' })).toContain('expected a port up to 65535');
  expect(webConfigSchema.safeParse({ baseUrl: 'http://signin-probe.contoso.com' }).success).toBe(false);
  expect(webConfigSchema.safeParse({ signIn: {} }).success).toBe(false);
  expect(
    webConfigSchema.safeParse({ signIn: { oidc: { issuer: 'https://id.contoso.com', clientId: 'x', clientSecret: 'literal', operators: ['a'] } } }).success,
  ).toBe(false);
});

test('files that are missing, that others may read, or that do not fit are refused', async () => {
  expect(await refusal({ signIn: { passwords: 'nowhere.json' } })).toContain('there is no file');
  writeFileSync(join(folder, 'broken.json'), '{', { mode: 0o600 });
  expect(await refusal({ signIn: { passwords: 'broken.json' } })).toContain('found something else');
  writeFileSync(join(folder, 'no.pem'), 'no certificate', { mode: 0o600 });
  expect(await refusal({ tls: { cert: 'no.pem', key: 'no.pem' } })).toContain('do not fit together');
  if (process.platform === 'win32') return;
  writeFileSync(join(folder, 'shared.json'), '{"schema":1,"users":[]}');
  chmodSync(join(folder, 'shared.json'), 0o644);
  expect(await refusal({ signIn: { passwords: 'shared.json' } })).toContain('chmod 600');
});

test('a password fits its own hash only, and the same password gives another hash each time', async () => {
  const [one, two] = await Promise.all([hashPassword('pässword of many letters'), hashPassword('pässword of many letters')]);
  expect(one).toMatch(/^scrypt\$N=32768,r=8,p=3\$/);
  expect(one).not.toBe(two);
  expect(await verifyPassword('pa\u0308ssword of many letters', one)).toBe(true);
  expect(await verifyPassword('another', one)).toBe(false);
  expect(await verifyPassword('another', null)).toBe(false);
  expect(await verifyPassword('', 'scrypt$N=1,r=1,p=1$x$y')).toBe(false);
});

test('after signing in people go to a path of this page, never elsewhere', () => {
  expect(ownPath('/targets/a?span=7d')).toBe('/targets/a?span=7d');
  for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a\\b', '/sign-in?to=/sign-in', ' /x', '/a\nb', undefined, ['/x']])
    expect(ownPath(elsewhere)).toBe('/');
});
