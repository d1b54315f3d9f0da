// The same journey as a test of @playwright/test.
const { test, expect } = require('@playwright/test');

test('sign-in works', async ({ page }) => {
  await page.goto(process.env.URL);
  await page.fill('#userNameInput', process.env.ACCOUNT);
  await page.fill('#passwordInput', process.env.PASSWORD);
  await page.click('#submitButton');
  await expect(page.locator('#crmTopBar')).toBeVisible();
});
