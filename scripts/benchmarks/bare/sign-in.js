// What somebody would write to see whether sign-in works: opens CRM, fills AD FS's form (or answers its Windows challenge), waits for CRM's page.
// With FURTHER=n it does so n times more in the same browser, each time in a context of its own.
const { chromium } = require('playwright');

const { URL: url, ACCOUNT: username, PASSWORD: password, ROUTE: route, BROWSER: executablePath, FURTHER: further = '0' } = process.env;

async function signIn(browser) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...(route === 'internal' ? { httpCredentials: { username, password } } : {}) });
  const page = await context.newPage();
  await page.goto(url);
  if (route === 'ifd') {
    await page.fill('#userNameInput', username);
    await page.fill('#passwordInput', password);
    await page.click('#submitButton');
  }
  await page.waitForSelector('#crmTopBar');
  await context.close();
}

async function main() {
  const browser = await chromium.launch({ executablePath, args: ['--host-resolver-rules=MAP *.contoso.test 127.0.0.1'] });
  for (let times = 0; times <= Number(further); times++) await signIn(browser);
  await browser.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
