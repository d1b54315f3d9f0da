module.exports = {
  testDir: __dirname,
  reporter: 'line',
  outputDir: process.env.RESULTS,
  use: {
    ignoreHTTPSErrors: true,
    launchOptions: { executablePath: process.env.BROWSER, args: ['--host-resolver-rules=MAP *.contoso.test 127.0.0.1'] },
  },
};
