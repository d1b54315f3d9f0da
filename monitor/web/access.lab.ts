import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { generate } from 'selfsigned';
import { createHash, X509Certificate } from 'node:crypto';
import { findBrowser, launchBrowser } from '../../probes/browser/browser';
import { hashPassword } from './guard/password-hash';
import { writeUsers } from './guard/users-file';
import { freePort } from './testing/free-port';
import { client, startOpenIdProvider } from './testing/openid-provider';
import { SampleStore } from './testing/sample-store';
import { type SampleServer, serveSample } from './testing/serve-sample';
import { smallSample } from './testing/small-sample';
import { readWebSettings, type WebSettings } from './web-settings';

const password = 'correct horse battery';
const store = (): SampleStore => new SampleStore(new Date(), [...smallSample]);

let folder: string;
let browser: Browser;
let hash: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signin-probe-web-'));
  hash = await hashPassword(password);
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  writeFileSync(join(folder, 'cert.pem'), certificate.cert);
  writeFileSync(join(folder, 'key.pem'), certificate.private, { mode: 0o600 });
  const spki = createHash('sha256')
    .update(new X509Certificate(certificate.cert).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [spki], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  browser = launched.browser;
});
test.afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function visit(use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** As the configuration says it, with users olga (operator) and victor (viewer). */
async function serve(
  name: string,
  web: Parameters<typeof readWebSettings>[0],
  now?: () => Date,
): Promise<SampleServer & { users: string; store: SampleStore }> {
  const users = join(folder, `${name}.json`);
  writeUsers(users, [
    { name: 'olga', role: 'operator', hash },
    { name: 'victor', role: 'viewer', hash },
  ]);
  const sample = store();
  const settings: WebSettings = await readWebSettings({ signIn: { passwords: users }, ...web }, folder);
  const server = await serveSample({ ...settings, listen: web?.listen ? settings.listen : { host: '127.0.0.1', port: 0 } }, sample, now);
  return Object.assign(server, { users, store: sample });
}

async function signIn(page: Page, origin: string, user: string): Promise<void> {
  await page.goto(origin);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('with sign-in nobody sees anything without it; a viewer looks, an operator acts, and signing out ends both', async () => {
  const server = await serve('roles', {});
  try {
    expect((await fetch(`${server.origin}/alerts`, { redirect: 'manual' })).headers.get('location')).toBe('/sign-in?to=%2Falerts');
    for (const path of ['/live', '/run'])
      expect((await fetch(server.origin + path, { method: path === '/run' ? 'POST' : 'GET', redirect: 'manual' })).status, path).toBe(401);
    await visit(async (page) => {
      await page.goto(`${server.origin}/targets/fabrikam-sales?span=7d`);
      await page.getByLabel('User name').fill('victor');
      await page.getByLabel('Password').fill('not the right one');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('alert')).toHaveText('The user name or the password is not right.');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('fabrikam-sales');
      expect(page.url()).toContain('span=7d');
      expect(await page.getByRole('button', { name: /Run now|Acknowledge|Silence/ }).count()).toBe(0);
      const cookie = (await page.context().cookies()).find(({ name }) => name === 'signin-probe');
      expect(cookie).toMatchObject({ name: 'signin-probe', httpOnly: true, sameSite: 'Lax' });
      const token = await page.locator('input[name=token]').first().inputValue();
      const forced = await page.request.post(`${server.origin}/run`, {
        form: { token, target: 'fabrikam-sales', route: 'ifd', location: 'hq' },
        headers: { origin: server.origin },
      });
      expect(forced.status()).toBe(403);
      expect(await forced.text()).toContain('Operators only');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page.getByLabel('User name')).toBeVisible();
      await page.context().addCookies([cookie!]);
      await page.goto(server.origin);
      await expect(page.getByLabel('User name')).toBeVisible();
    });
    await visit(async (page) => {
      await signIn(page, server.origin, 'olga');
      await page.goto(`${server.origin}/targets/fabrikam-sales`);
      await page.getByRole('button', { name: 'Run now: fabrikam-sales, IFD, hq' }).click();
      await expect(page).toHaveURL(/\/slots\//);
      await page.goto(`${server.origin}/alerts`);
      await page.getByRole('button', { name: /^Acknowledge: AD FS signs/ }).click();
      await expect(page.getByText('Acknowledged by olga')).toBeVisible();
      writeUsers(server.users, [{ name: 'victor', role: 'viewer', hash }]);
      await page.goto(server.origin);
      await expect(page.getByLabel('User name'), 'a user taken out of the file is signed out').toBeVisible();
    });
    expect(server.store.asked).toHaveLength(1);
    expect(server.faults.filter((text) => text.includes(password))).toEqual([]);
  } finally {
    await server.close();
  }
});

test('a form from elsewhere is refused: another origin, no origin, no token, another visitor’s token', async () => {
  const server = await serve('csrf', {});
  try {
    await visit(async (page) => {
      await signIn(page, server.origin, 'olga');
      await page.goto(`${server.origin}/targets/fabrikam-sales`);
      const token = await page.locator('form[action="/run"] input[name=token]').first().inputValue();
      const form = { target: 'fabrikam-sales', route: 'ifd', location: 'hq' };
      const post = async (fields: Record<string, string>, headers: Record<string, string>): Promise<number> =>
        (await page.request.post(`${server.origin}/run`, { form: { ...form, ...fields }, headers, maxRedirects: 0 })).status();
      expect(await post({ token }, { origin: 'https://evil.example' })).toBe(403);
      expect(await post({ token }, { origin: 'null' })).toBe(403);
      expect(await post({ token }, {})).toBe(403);
      expect(await post({}, { origin: server.origin })).toBe(403);
      expect(await post({ token: `A${token.slice(1)}` }, { origin: server.origin })).toBe(403);
      expect(server.store.asked).toEqual([]);
      await visit(async (other) => {
        await signIn(other, server.origin, 'olga');
        const theirs = await other.locator('input[name=token]').first().inputValue();
        expect(await post({ token: theirs }, { origin: server.origin })).toBe(403);
      });
      expect(await post({ token }, { origin: server.origin })).toBe(303);
      expect(server.store.asked).toHaveLength(1);
    });
  } finally {
    await server.close();
  }
});

test('an operator’s open page is signed out when nobody does anything, a viewer’s stays', async () => {
  let at = Date.now();
  const server = await serve('idle', { signIn: { passwords: 'idle.json', idleMinutes: 10 } }, () => new Date(at));
  try {
    for (const [user, stays] of [
      ['olga', false],
      ['victor', true],
    ] as const)
      await visit(async (page) => {
        await signIn(page, server.origin, user);
        await page.goto('about:blank');
        const looks = async (): Promise<number> =>
          (await page.request.get(`${server.origin}/alerts`, { maxRedirects: 0, headers: { 'x-live-update': '1' } })).status();
        at += 9 * 60_000;
        expect(await looks(), user).toBe(200);
        at += 9 * 60_000;
        expect(await looks(), user).toBe(stays ? 200 : 401);
      });
  } finally {
    await server.close();
  }
});

test('guessing passwords is slowed down by address, and a redirect after signing in never leads elsewhere', async () => {
  const server = await serve('guessing', {});
  try {
    const first = await fetch(`${server.origin}/sign-in?to=//evil.example/`);
    const html = await first.text();
    expect(html).toContain('name="to" value="/"');
    const token = /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess++)
      statuses.push(
        (
          await fetch(`${server.origin}/sign-in`, {
            method: 'POST',
            redirect: 'manual',
            headers: { cookie, origin: server.origin, 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams({ token, user: 'nobody', password: 'guess', to: '/' }),
          })
        ).status,
      );
    expect(statuses).toEqual([...Array<number>(10).fill(403), 429, 429]);
  } finally {
    await server.close();
  }
});

/** Signs in without a page: the form's token and cookie first, then what is given; the answer. */
async function post(
  origin: string,
  fields: Record<string, string>,
  { from = '127.0.0.1', cookies = '' }: { from?: string; cookies?: string } = {},
): Promise<{ status: number; text: string; cookies: string; ms: number }> {
  const ask = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string }) =>
    new Promise<{ status: number; text: string; cookies: string[] }>((resolve, reject) => {
      const request = http.request(new URL(path, origin), { localAddress: from, ...init, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, cookies: (response.headers['set-cookie'] ?? []).map((each) => each.split(';')[0] ?? '') }),
        );
      });
      request.on('error', reject);
      request.end(init.body);
    });
  const form = await ask('/sign-in', { headers: { cookie: cookies } });
  const token = /name="token" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  const startedAt = performance.now();
  const answer = await ask('/sign-in', {
    method: 'POST',
    headers: { cookie: [...form.cookies, ...cookies.split('; ').filter(Boolean)].join('; '), origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token, to: '/', ...fields }).toString(),
  });
  return { ...answer, cookies: answer.cookies.join('; '), ms: performance.now() - startedAt };
}

test('guessing from many addresses finds no password and no name, and keeps nobody out of a browser in which they signed in before', async () => {
  const at = new Date();
  const server = await serve('brute', {}, () => at);
  try {
    const own = await post(server.origin, { user: 'olga', password });
    expect(own.status).toBe(303);
    const known = own.cookies
      .split('; ')
      .filter((each) => !each.startsWith('signin-probe=') && !each.endsWith('='))
      .join('; ');
    let let_in = 0;
    const answers: Record<string, string[]> = { olga: [], nobody: [] };
    const times: Record<string, number[]> = { olga: [], nobody: [] };
    for (let guess = 0; guess < 24; guess++)
      for (const user of ['olga', 'nobody']) {
        const { status, text, ms } = await post(server.origin, { user, password: `guess ${guess}` }, { from: `127.0.1.${1 + (guess % 8)}` });
        if (status === 303) let_in += 1;
        answers[user]?.push(`${status} ${text.replaceAll(user, 'NAME').replace(/value="[\w-]{43}"/, '')}`);
        if (guess < 6) times[user]?.push(ms);
      }
    expect(let_in).toBe(0);
    expect(answers.olga, 'the answers tell no name').toEqual(answers.nobody);
    const least = (user: string): number => Math.min(...(times[user] ?? [Infinity]));
    expect(least('olga') / least('nobody'), 'nor does their time').toBeGreaterThan(0.25);
    expect(least('olga') / least('nobody')).toBeLessThan(4);
    expect((await post(server.origin, { user: 'olga', password }, { from: '127.0.2.1' })).status, 'a stranger with the right password has to wait').toBe(429);
    expect((await post(server.origin, { user: 'olga', password }, { from: '127.0.2.2', cookies: known })).status, 'who was here before has not').toBe(303);
    expect((await post(server.origin, { user: 'victor', password }, { from: '127.0.2.3', cookies: known })).status, 'others are not kept out').toBe(303);
    test.info().annotations.push({ type: 'attempts', description: '50' }, { type: 'leaks', description: String(let_in) });
  } finally {
    await server.close();
  }
});

test('a browser in which somebody signed in before may not guess for ever either, nor for another name', async () => {
  const server = await serve('known', {});
  try {
    const own = await post(server.origin, { user: 'victor', password });
    const known = own.cookies
      .split('; ')
      .filter((each) => !each.startsWith('signin-probe=') && !each.endsWith('='))
      .join('; ');
    const statuses: number[] = [];
    for (let guess = 0; guess < 22; guess++)
      statuses.push((await post(server.origin, { user: 'victor', password: 'wrong' }, { from: `127.0.3.${1 + (guess % 8)}`, cookies: known })).status);
    expect(statuses).toEqual([...Array<number>(20).fill(403), 429, 429]);
    test.info().annotations.push({ type: 'attempts', description: '22' }, { type: 'leaks', description: '0' });
  } finally {
    await server.close();
  }
});

test('on loopback everybody looks, only who has the operator key acts, and a page of another name that leads here gets nothing', async () => {
  const server = await serveSample({}, store());
  try {
    await visit(async (page) => {
      await page.goto(`${server.origin}/alerts`);
      expect(await page.getByRole('button', { name: /Acknowledge/ }).count()).toBe(0);
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('Operator key').fill('AAAA-BBBB-CCCC-DDDD-EEEE');
      await page.getByRole('button', { name: 'Go on as operator' }).click();
      await expect(page.getByRole('alert')).toContainText('The operator key is not right.');
      await page.getByLabel('Operator key').fill((server.operatorKey ?? '').toLowerCase());
      await page.getByRole('button', { name: 'Go on as operator' }).click();
      await expect(page).toHaveURL(`${server.origin}/alerts`);
      await expect(page.getByRole('button', { name: /^Acknowledge: AD FS signs/ })).toBeVisible();
    });
    const { port } = new URL(server.origin);
    const rebound = await server.app.inject({ url: '/', headers: { host: `evil.example:${port}` } });
    expect(rebound.statusCode).toBe(421);
    expect(rebound.body).not.toContain('fabrikam');
  } finally {
    await server.close();
  }
});

test('with a certificate of its own the page speaks TLS on its own address, with cookies that no other host can set', async () => {
  const port = await freePort();
  const server = await serve('tls', {
    listen: `127.0.0.1:${port}`,
    baseUrl: `https://localhost:${port}`,
    tls: { cert: 'cert.pem', key: 'key.pem' },
    signIn: { passwords: 'tls.json' },
  });
  try {
    await visit(async (page) => {
      await signIn(page, `https://localhost:${port}`, 'victor');
      await expect(page.getByRole('heading', { level: 1 })).toContainText('broken');
      const cookies = await page.context().cookies();
      expect(cookies.find(({ name }) => name === '__Host-signin-probe')).toMatchObject({ secure: true, httpOnly: true, path: '/' });
    });
  } finally {
    await server.close();
  }
});

test('an OpenID provider signs people in with PKCE, the role comes from its claim, and what is wrong in its answer lets nobody in', async () => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const provider = await startOpenIdProvider(() => `${base}/sign-in/callback`);
  process.env['SIGNIN_PROBE_TEST_OIDC'] = client.secret;
  const server = await serve('oidc', {
    listen: `127.0.0.1:${port}`,
    baseUrl: base,
    signIn: {
      oidc: {
        issuer: provider.issuer,
        clientId: client.id,
        clientSecret: 'env:SIGNIN_PROBE_TEST_OIDC',
        rolesClaim: 'realm.roles',
        operators: ['crm-ops'],
        viewers: ['crm-view'],
      },
    },
  });
  try {
    const through = async (page: Page): Promise<void> => {
      await page.goto(`${base}/alerts`);
      await page.getByRole('link', { name: 'Sign in with the organisation’s account' }).click();
    };
    for (const [roles, acts] of [
      [['crm-ops'], 1],
      [['other', 'crm-view'], 0],
    ] as const)
      await visit(async (page) => {
        provider.claims = { sub: '7', preferred_username: 'olga@contoso.example', realm: { roles } };
        await through(page);
        await expect(page).toHaveURL(`${base}/alerts`);
        await expect(page.locator('.account')).toContainText('olga@contoso.example');
        expect(await page.getByRole('button', { name: /^Acknowledge: AD FS signs/ }).count()).toBe(acts);
      });
    provider.claims = { sub: '8', preferred_username: 'mallory', realm: { roles: ['staff'] } };
    await visit(async (page) => {
      await through(page);
      await expect(page.getByText('mallory has no role here')).toBeVisible();
      await page.goto(`${base}/alerts`);
      await expect(page).toHaveURL(/sign-in/);
    });
    provider.claims = { sub: '9', preferred_username: 'olga', realm: { roles: ['crm-ops'] } };
    for (const fault of ['signature', 'nonce', 'audience', 'refuse'] as const)
      await visit(async (page) => {
        provider.fault = fault;
        await through(page);
        await expect(page.getByRole('heading', { name: 'Signing in failed' }), fault).toBeVisible();
        await page.goto(`${base}/alerts`);
        await expect(page, fault).toHaveURL(/sign-in/);
      });
    provider.fault = 'none';
    const stranger = await fetch(`${base}/sign-in/callback?code=x&state=y`, { redirect: 'manual' });
    expect(stranger.status).toBe(400);
    expect(readFileSync(server.users, 'utf8')).not.toContain(client.secret);
    expect(server.faults.join('\n')).not.toContain(client.secret);
  } finally {
    delete process.env['SIGNIN_PROBE_TEST_OIDC'];
    await server.close();
    await provider.close();
  }
});
