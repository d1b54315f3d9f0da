// The same journey for @elastic/synthetics, which is not one of this project's packages: SYNTHETICS=folder where it is installed.
const { journey, step } = require(require.resolve('@elastic/synthetics', { paths: [process.env.SYNTHETICS] }));

journey('sign-in', ({ page }) => {
  step('sign in', async () => {
    await page.goto(process.env.URL);
    await page.fill('#userNameInput', process.env.ACCOUNT);
    await page.fill('#passwordInput', process.env.PASSWORD);
    await page.click('#submitButton');
    await page.waitForSelector('#crmTopBar');
  });
});
