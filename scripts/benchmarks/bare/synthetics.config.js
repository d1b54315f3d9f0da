module.exports = () => ({
  playwrightOptions: {
    ignoreHTTPSErrors: true,
    executablePath: process.env.BROWSER,
    args: ['--host-resolver-rules=MAP *.contoso.test 127.0.0.1'],
  },
});
