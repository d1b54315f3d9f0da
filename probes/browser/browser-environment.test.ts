import { expect, test } from '@playwright/test';
import { browserEnvironment } from './browser-environment';

test('the browser gets what a system needs and no secret a service was started with', () => {
  const passed = {
    PATH: '/bin',
    Path: 'C:\\',
    HOME: '/h',
    LC_ALL: 'C',
    KRB5CCNAME: 'FILE:/x',
    SystemRoot: 'C:\\Windows',
    'ProgramFiles(x86)': 'C:\\P',
    https_proxy: 'http://p',
  };
  const secret = {
    CRM_PROBE_PASSWORD: 'a',
    VAULT_TOKEN: 'b',
    AZURE_CLIENT_SECRET: 'c',
    IDENTITY_HEADER: 'd',
    AWS_SECRET_ACCESS_KEY: 'e',
    SIGNIN_PROBE_LAB_PASSWORD: 'f',
    NODE_OPTIONS: 'g',
  };
  expect(browserEnvironment({ ...passed, ...secret, NOT_SET: undefined })).toEqual(passed);
  expect(browserEnvironment({ PATH: '/bin', HOME: 'the password' }, ['home'])).toEqual({ PATH: '/bin' });
});
