import { expect, type Page, type Response, test } from '@playwright/test';
import { startTestBench, type TestBench } from './test-bench';

let bench: TestBench;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  bench = await startTestBench();
});
test.afterAll(() => bench.close());
test.beforeEach(() => {
  bench.adfs.resetSettings();
  bench.posts.length = 0;
});

const wrongPassword = 'Bench-1-wrong';

const withPage = async (body: (page: Page) => Promise<void>, password: string | null = null): Promise<void> => {
  const { account, adfs, browser } = bench;
  const context = await browser.newContext(password === null ? {} : { httpCredentials: { username: account.user, password, origin: adfs.origin } });
  try {
    await body(await context.newPage());
  } finally {
    await context.close();
  }
};

const fillForm = async (page: Page, user: string, password: string): Promise<void> => {
  await page.locator('#userNameInput').fill(user);
  await page.locator('#passwordInput').fill(password);
  await page.locator('#submitButton').click();
};

test('forms: a wrong password brings the form again with its text, the right one ends at the relying party with an encrypted token', async () => {
  const { adfs, account } = bench;
  await withPage(async (page) => {
    await page.goto(bench.signInUrl('forms'));
    await expect(page).toHaveTitle('Sign In');
    await fillForm(page, account.upn, wrongPassword);
    await expect(page.locator('#errorText')).toHaveText('Incorrect user ID or password. Type the correct user ID and password, and try again.');
    await expect(page.locator('#userNameInput')).toHaveValue(account.upn);
    await expect(page.locator('#passwordInput')).toHaveValue('');
    const responses: Response[] = [];
    page.on('response', (response) => responses.push(response));
    await fillForm(page, account.user, account.password);
    await expect(page).toHaveTitle('Arrived');

    const [posted, working] = responses.filter((response) => response.url().startsWith(`${adfs.origin}/adfs/ls/`));
    expect(posted!.status()).toBe(302);
    expect(new URL(posted!.url()).searchParams.get('wctx')).toBe('rm=1&id=x&ru=%2fdefault.aspx');
    expect(await posted!.headerValue('set-cookie')).toMatch(/^MSISAuth=[^;]+; path=\/adfs; HttpOnly; Secure$/);
    expect(working!.status()).toBe(200);
    const names = (await working!.headersArray()).filter(({ name }) => name.toLowerCase() === 'set-cookie').map(({ value }) => value.split('=')[0]);
    expect(names).toEqual(['MSISAuth', 'MSISAuthenticated', 'MSISLoopDetectionCookie', 'MSISSignOut']);
  });
  const [form] = bench.posts;
  expect([...form!.keys()]).toEqual(['wa', 'wresult', 'wctx']);
  expect(form!.get('wctx')).toBe('rm=1&id=x&ru=%2fdefault.aspx');
  expect(form!.get('wresult')).toContain('<xenc:EncryptedData');
  expect(adfs.counters).toMatchObject({ passwordSubmissions: 2, passwordRefusals: 1, tokensIssued: 1 });
});

test('forms: the page itself refuses a bare user name and an empty password, and nothing is posted', async () => {
  const before = bench.adfs.counters.passwordSubmissions;
  await withPage(async (page) => {
    await page.goto(bench.signInUrl(null));
    await fillForm(page, 'probe', wrongPassword);
    await expect(page.locator('#errorText')).toHaveText('Enter your user ID in the format "domain\\user" or "user@domain".');
    await fillForm(page, bench.account.user, '');
    await expect(page.locator('#errorText')).toHaveText('Enter your password.');
    await fillForm(page, bench.account.user, 'x'.repeat(129));
    await expect(page.locator('#errorText')).toHaveText('Password is too long (> 128 characters).');
  });
  expect(bench.adfs.counters.passwordSubmissions).toBe(before);
});

test('windows: NTLM with the right password ends at the relying party', async () => {
  await withPage(async (page) => {
    await page.goto(bench.signInUrl('windows'));
    await expect(page).toHaveTitle('Arrived');
  }, bench.account.password);
  expect(bench.posts).toHaveLength(1);
});

test('windows: NTLM with a wrong password ends in an empty 401 with both challenges', async () => {
  const refusals = bench.adfs.counters.ntlmRefusals;
  await withPage(async (page) => {
    const response = await page.goto(bench.signInUrl('windows'));
    expect(response!.status()).toBe(401);
    expect((await response!.headerValues('www-authenticate')).flatMap((value) => value.split(/,\s*/))).toEqual(['Negotiate', 'NTLM']);
  }, wrongPassword);
  expect(bench.adfs.counters.ntlmRefusals).toBe(refusals + 1);
  expect(bench.posts).toHaveLength(0);
});

test('windows: with every attempt refused the right password is of no use either', async () => {
  bench.adfs.settings.wiaRefusesAll = true;
  await withPage(async (page) => expect((await page.goto(bench.signInUrl('windows')))!.status()).toBe(401), bench.account.password);
});

test('a signed-in browser gets the next token without being asked, but is asked again with wfresh=0', async () => {
  const { account } = bench;
  await withPage(async (page) => {
    await page.goto(bench.signInUrl('forms'));
    await fillForm(page, account.user, account.password);
    await expect(page).toHaveTitle('Arrived');
    await page.goto(bench.signInUrl('forms'));
    await expect(page).toHaveTitle('Arrived');
    await page.goto(bench.signInUrl('forms', '&wfresh=0'));
    await expect(page).toHaveTitle('Sign In');
    await fillForm(page, account.user, account.password);
    await expect(page).toHaveTitle('Arrived');
    await bench.adfs.restart();
    await page.goto(bench.signInUrl('forms'));
    await expect(page).toHaveTitle('Sign In');
  });
  expect(bench.posts).toHaveLength(3);
});

test('an ignored session brings the form again without a text', async () => {
  bench.adfs.settings.ssoIgnored = true;
  await withPage(async (page) => {
    await page.goto(bench.signInUrl('forms'));
    await Promise.all([page.waitForEvent('domcontentloaded'), fillForm(page, bench.account.user, bench.account.password)]);
    await expect(page.locator('#userNameInput')).toHaveValue('');
    await expect(page.locator('#errorText')).toHaveText('');
  });
});

test('the sixth token within twenty seconds is an error page whose reason only the log has', async () => {
  const { adfs, account } = bench;
  await withPage(async (page) => {
    for (let round = 0; round < 5; round += 1) {
      await page.goto(bench.signInUrl('windows'));
      await expect(page).toHaveTitle('Arrived');
    }
    await page.goto(bench.signInUrl('windows'));
    await expect(page.locator('#openingMessage')).toHaveText('An error occurred');
    await expect(page.locator('#errorArea')).toContainText('Relying party: CRM CLAIMS RELYING PARTY');
    await expect(page.locator('#cookie')).toHaveText('Cookie: enabled');
    const shown = await page.locator('#errorArea').innerText();
    expect(shown).not.toContain('MSIS');
    const entry = adfs.log.at(-1)!;
    expect(entry.text).toMatch(/^MSIS7042: The same client browser session has made '6' requests in the last '\d+' seconds\./);
    expect(shown).toContain(`Activity ID: ${entry.activityId}`);
  }, account.password);
  expect(bench.posts).toHaveLength(5);
});

test('an additional factor is asked for after good primary credentials', async () => {
  bench.adfs.settings.requireMfa = true;
  await withPage(async (page) => {
    await page.goto(bench.signInUrl('windows'));
    await expect(page.locator('#mfaGreetingDescription')).toContainText('For security reasons, we require additional information to verify your account');
    await expect(page.locator('#authMethod')).toHaveValue('AzureMfaAuthentication');
    await expect(page.locator('#context')).toHaveCount(1);
  }, bench.account.password);
});

test('signing out clears the cookies and calls the relying party', async () => {
  await withPage(async (page) => {
    await page.goto(bench.signInUrl('windows'));
    await expect(page).toHaveTitle('Arrived');
    const cleanup = page.waitForRequest((request) => request.url().endsWith('?wa=wsignoutcleanup1.0'));
    await page.goto(`${bench.adfs.origin}/adfs/ls/?wa=wsignout1.0`);
    expect((await cleanup).url()).toBe(`${bench.realm}?wa=wsignoutcleanup1.0`);
    expect(await page.context().cookies(`${bench.adfs.origin}/adfs/`)).toEqual([]);
  }, bench.account.password);
});
