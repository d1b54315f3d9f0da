import { expect, test } from '@playwright/test';
import { cookie, exchange, refusal, sample, tokenPost, upToToken } from '../testing/sample-evidence';
import { crmSigns, lastTokenPost } from './token-post';

const answer = (...after: ReturnType<typeof exchange>[]) => lastTokenPost(sample('ifd', { exchanges: [...upToToken('ifd'), ...after] }))?.answer;

test('a token is accepted when the session cookie was set, and so when the browser refused that cookie', () => {
  expect(lastTokenPost(sample())?.answer).toEqual({ kind: 'accepted' });
  expect(answer(tokenPost('ifd', { location: '/', cookiesSet: [cookie('MSISAuth', { blocked: ['InvalidDomain'] })] }))).toEqual({
    kind: 'accepted-cookie-blocked',
  });
});

test('the four faces of a refusal are told apart', () => {
  for (const face of ['error-page', 'http-401', 'http-500', 'back-to-sts'] as const)
    expect(lastTokenPost(sample('ifd', { exchanges: refusal('ifd', face) }))?.answer).toMatchObject({ kind: 'refused', face, own: true });
});

test('a removed session cookie and ReqClientId are no session', () => {
  const again = 'https://sts.contoso.com/adfs/ls/?wa=wsignin1.0';
  expect(
    answer(tokenPost('ifd', { location: again, cookiesSet: [cookie('MSISAuth', { removes: true }), cookie('ReqClientId', { bytes: 36 })] })),
  ).toMatchObject({ kind: 'refused', face: 'back-to-sts' });
});

test('what is not CRM’s way of refusing is not judged: filters, no answer, cookies of unknown purpose', () => {
  expect(answer(tokenPost('ifd', { status: 403 }))).toMatchObject({ kind: 'not-judged' });
  expect(answer(tokenPost('ifd', { status: 413 }))).toMatchObject({ kind: 'not-judged' });
  expect(answer(tokenPost('ifd', { status: null, failure: 'net::ERR_CONNECTION_RESET' }))).toMatchObject({ kind: 'not-judged' });
  const unknown = [
    tokenPost('ifd', { location: '/home', cookiesSet: [cookie('connect.sid', { bytes: 90 })] }),
    exchange(6, { url: 'https://auth.contoso.com/home', redirectedFrom: 5, status: 500 }),
  ];
  expect(answer(...unknown)).toMatchObject({ kind: 'not-judged' });
});

test('a failure of its own that CRM names is no verdict on the token, except where the token check stands beside it', () => {
  const page = (text: string) => tokenPost('ifd', { status: 500, document: { title: 'Runtime Error', text } });
  for (const own of [
    'Exception Details: System.Data.SqlClient.SqlException: Login failed for user.',
    '[SqlException (0x80131904): Timeout expired]',
    'System.OutOfMemoryException: Exception of type',
    "System.IO.FileLoadException: Could not load file or assembly 'Microsoft.Crm'",
  ])
    expect(answer(page(own)), own).toMatchObject({ kind: 'not-judged' });
  for (const token of [
    'Microsoft.IdentityModel.Tokens.SecurityTokenException: refused',
    'System.Security.Cryptography.CryptographicException: Bad Data',
    'System.Web.HttpUnhandledException: Exception of type',
    'System.ServiceModel.Security.MessageSecurityException: refused',
    'System.IdentityModel.Tokens.FailedAuthenticationException ---> System.IO.IOException',
  ])
    expect(answer(page(token)), token).toMatchObject({ kind: 'refused', face: 'http-500' });
});

test('an answer from another kind of server than before is not CRM’s', () => {
  const [first, ...others] = upToToken('internal');
  const post = lastTokenPost(sample('internal', { exchanges: [first!, ...others, tokenPost('internal', { status: 500, server: 'BigIP' })] }));
  expect(post?.answer).toMatchObject({ kind: 'not-judged' });
});

test('CRM is recognised by its own redirect, WSDL, error page or header', () => {
  expect(crmSigns(sample()).length).toBeGreaterThan(1);
  const foreign = [
    exchange(1, { url: 'https://app.example.com/', status: 302, server: 'nginx', requestId: 'abc', location: 'https://sts.contoso.com/adfs/ls/' }),
  ];
  expect(crmSigns(sample('ifd', { exchanges: foreign, wsdl: null }))).toEqual([]);
});

test('what the page that answers the token asks for by itself belongs to the answer', () => {
  const page = tokenPost('ifd', { status: 200, location: null, document: { title: '', text: 'Redirecting' } });
  const next = (path: string, facts = {}) => exchange(page.seq + 1, { url: `https://auth.contoso.com${path}`, redirectedFrom: null, ...facts });
  expect(answer(page, next('/_common/error/errorhandler.aspx?ErrorCode='))).toMatchObject({ kind: 'refused', face: 'error-page' });
  const sts = exchange(page.seq + 2, { url: 'https://sts.contoso.com/adfs/ls/?wa=wsignin1.0', redirectedFrom: page.seq + 1 });
  const back = [next('/main.aspx', { status: 302, location: sts.url }), sts];
  expect(answer(page, ...back)).toMatchObject({ kind: 'refused', face: 'back-to-sts' });
  // A filter that makes the browser prove itself first sets a cookie and repeats the request: the relying party never saw the token.
  const filter = tokenPost('ifd', { status: 200, location: null, cookiesSet: [cookie('TS01a2b3c4', { bytes: 60 })], document: page.document });
  expect(answer(filter, ...back)).toMatchObject({ kind: 'not-judged' });
  expect(answer(page, next('/main.aspx', { cookiesSet: [cookie('MSISAuth')] }))).toEqual({ kind: 'accepted' });
});

test('a slip in code is named by its exception, and is no verdict on the token', () => {
  const text = 'Object reference not set to an instance of an object. Exception Details: System.NullReferenceException';
  expect(answer(tokenPost('ifd', { status: 500, document: { title: 'Server Error', text } }))).toMatchObject({ kind: 'not-judged' });
});
