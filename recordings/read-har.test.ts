import { expect, test } from '@playwright/test';
import { evidenceSchema, type RouteEvidence } from '../contracts/evidence';
import { diagnose } from '../diagnosis/diagnose';
import { createRedactor } from '../probes/redaction/redact';
import { readHar } from './read-har';
import * as sample from './testing/sample-har';
import { type Dialect, har, type Recorded } from './testing/sample-har';

const read = (file: string | Buffer): ReturnType<typeof readHar> => readHar(file, { redactor: createRedactor(), tool: 'test' });
function evidenceOf(dialect: Dialect, recorded: readonly Recorded[]): RouteEvidence {
  const reading = read(har(dialect, recorded));
  if (!reading.ok) throw new Error(reading.why);
  const [first, ...more] = evidenceSchema.parse(reading.evidence).results;
  expect(more).toEqual([]);
  return first!;
}
const resultOf = (dialect: Dialect, recorded: readonly Recorded[]) => {
  const reading = read(har(dialect, recorded));
  if (!reading.ok) throw new Error(reading.why);
  return diagnose(reading.evidence).results[0]!;
};
const why = (file: string | Buffer): string => {
  const reading = read(file);
  return reading.ok ? 'read' : reading.why;
};

for (const dialect of ['chrome', 'chrome-sanitized', 'edge', 'firefox'] as const) {
  test(`a healthy sign-in saved by ${dialect} is signed in, with every step of the flow`, () => {
    const evidence = evidenceOf(dialect, sample.healthy);
    expect(evidence.journey).toMatchObject({ signedIn: 'yes', symptom: 'none', failedAt: null, rounds: 1, tokenPosts: 1, credentialSubmissions: 1 });
    expect(evidence).toMatchObject({
      route: 'ifd',
      method: 'forms',
      settings: { url: `${sample.crm}/main.aspx`, stsOrigin: sample.sts, account: 'CONTOSO\\anna' },
    });
    expect(evidence.exchanges.map(({ step, method, status, redirectedFrom }) => [step, method, status, redirectedFrom])).toEqual([
      ['crm-redirect', 'GET', 302, null],
      ['sts-page', 'GET', 200, 1],
      ['credentials', 'POST', 302, null],
      ['token-issue', 'GET', 200, 3],
      ['token-post', 'POST', 302, null],
      ['crm-session', 'GET', 200, 5],
    ]);
    expect(evidence.pages.map(({ kind, action }) => [kind, action])).toEqual([
      ['sts-forms', 'the user typed the credentials'],
      ['sts-working', 'the page posted the token'],
      ['crm-shell', 'the recording ends here'],
    ]);
    expect(evidence.token).toMatchObject({
      encrypted: true,
      encryptedFor: { serial: '4711' },
      appliesTo: `${sample.crm}/`,
      postedTo: `${sample.auth}/`,
      unreadable: null,
    });
    expect(resultOf(dialect, sample.healthy).verdict).toBe('healthy');
  });

  test(`after a rollover a HAR of ${dialect} names KB 2686840 by the text in CRM's error address`, () => {
    const result = resultOf(dialect, sample.rolledOver);
    expect(result).toMatchObject({ signedIn: 'no', symptom: 'error-page', failedAt: 'token-post' });
    expect(result.causes.map(({ id }) => id)).toEqual(['adfs-signing-cert-rolled']);
  });

  test(`nothing secret of a HAR of ${dialect} is in the evidence`, () => {
    for (const recorded of [sample.healthy, sample.rolledOver, sample.looping]) {
      const text = JSON.stringify(evidenceOf(dialect, recorded));
      for (const secret of [
        sample.password,
        encodeURIComponent(sample.password),
        sample.ssoCookie,
        sample.sessionCookie,
        'ZGF0YS1jaXBoZXItdmFsdWU',
        'a2V5LWNpcGhlci12YWx1ZS',
      ])
        expect(text).not.toContain(secret);
    }
  });
}

for (const dialect of ['chrome', 'firefox'] as const)
  test(`a loop saved by ${dialect} is a loop, and the lost cookie is its cause`, () => {
    const result = resultOf(dialect, sample.looping);
    expect(result).toMatchObject({ symptom: 'redirect-loop', failedAt: 'crm-session' });
    expect(result.causes[0]).toMatchObject({ id: 'cookies-blocked-or-context-lost', certainty: 'confirmed' });
  });

test('from a HAR without cookies nothing is concluded about cookies, nor that CRM refused the token', () => {
  const result = resultOf('chrome-sanitized', sample.looping);
  expect(result).toMatchObject({ symptom: 'redirect-loop', failedAt: 'crm-session' });
  expect(result.causes.map(({ id }) => id)).not.toContain('cookies-blocked-or-context-lost');
  expect(result.causes.map(({ id }) => id)).not.toContain('adfs-signing-cert-rolled');
  expect(result.captureErrors[0]).toMatchObject({ capture: 'cookies' });
  expect(result.captureErrors[0]?.why).toContain('without sensitive data');
});

test('where the browser does not tell frames from pages, the shell counts as the end', () => {
  expect(evidenceOf('firefox-old', sample.healthy).journey).toMatchObject({ signedIn: 'yes', tokenPosts: 1 });
  expect(resultOf('firefox-old', sample.rolledOver).causes[0]?.id).toBe('adfs-signing-cert-rolled');
});

test('what a HAR cannot have is null or empty, and named', () => {
  const evidence = evidenceOf('edge', sample.healthy);
  expect(evidence).toMatchObject({ stsMetadata: null, crmMetadata: null, wsdl: null, whoAmI: null, lastGood: null, tls: [], dns: [] });
  expect(evidence.captureErrors.map(({ capture }) => capture)).toEqual(['sts-metadata', 'crm-metadata', 'wsdl', 'tls', 'dns', 'last-good']);
});

test('pages whose content the browser dropped are known by what followed, and said to be missing', () => {
  const evidence = evidenceOf(
    'chrome',
    sample.healthy.map(({ html, ...rest }) => (html === sample.shell ? { ...rest, html } : rest)),
  );
  expect(evidence.pages.map(({ kind, recognisedBy }) => [kind, recognisedBy])).toEqual([
    ['sts-forms', 'the POST that followed'],
    ['sts-working', 'the POST that followed'],
    ['crm-shell', 'crm-shell'],
  ]);
  expect(evidence.captureErrors[0]).toMatchObject({ capture: 'content' });
});

test("the token is read from the page's form when the POST's body was not recorded", () => {
  const evidence = evidenceOf(
    'chrome',
    sample.rolledOver.map((each) => (each.url === `${sample.auth}/` ? (({ form: _, ...rest }) => rest)(each) : each)),
  );
  expect(evidence.exchanges.find(({ step }) => step === 'token-post')).toMatchObject({ method: 'POST', wsfed: { wa: 'wsignin1.0' } });
  expect(evidence.token).toMatchObject({ encryptedFor: { serial: '4711' }, postedTo: `${sample.auth}/` });
  expect(evidence.captureErrors.map(({ capture }) => capture)).toContain('token');
});

test('times, durations and statuses no recorder can have seen are unknown, and the rest is read', () => {
  const spoilt = (change: (entry: { time: unknown; startedDateTime: string; response: { status: unknown } }) => void): string => {
    const data = JSON.parse(har('chrome', sample.rolledOver)) as { log: { entries: Parameters<typeof change>[0][] } };
    change(data.log.entries[1]!);
    return JSON.stringify(data);
  };
  const files: Record<string, string> = {};
  for (const value of [1e300, 8.64e15, -1, 'x', null]) files[`time ${value}`] = spoilt((entry) => void (entry.time = value));
  for (const value of [1e300, 1.5, 99_999, 7, 'x', null]) files[`status ${value}`] = spoilt((entry) => void (entry.response.status = value));
  for (const value of ['+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', 'https://crm.test:99999/', '0001-01-01T00:00:00Z'])
    files[`started ${value}`] = spoilt((entry) => void (entry.startedDateTime = value));
  for (const [name, file] of Object.entries(files)) {
    const reading = read(file);
    expect(reading.ok, name).toBe(true);
    if (reading.ok) expect(diagnose(evidenceSchema.parse(reading.evidence)).results[0], name).toMatchObject({ signedIn: 'no', failedAt: 'token-post' });
  }
});

test('a form that posts the token to no address, or to one with a password in it, is read all the same', () => {
  const postedTo = (action: string): string | undefined =>
    evidenceOf(
      'chrome',
      sample.upToToken.map((each) => (each.html === sample.workingPage ? { ...each, html: each.html.replace(/action="[^"]*"/, `action="${action}"`) } : each)),
    ).token?.postedTo;
  expect(postedTo('/relative')).toBe(`${sample.sts}/relative`);
  for (const action of ['http://[bad', 'https://', '//', 'https://crm.contoso.com:99999/']) expect(postedTo(action), action).toBe(action);
  expect(postedTo(`https://anna:${encodeURIComponent('Sommer-2026')}@crm.contoso.com/`)).not.toContain('Sommer');
});

test('a shell built by script is proved by the data its page loads', () => {
  const [document] = sample.healthy.slice(-2);
  const recorded: Recorded[] = [
    ...sample.healthy.slice(0, -2),
    { ...document!, html: '<html><head><title>App</title></head><body><div id="root"></div></body></html>' },
    { url: `${sample.crm}/api/data/v9.1/WhoAmI`, status: 200, json: '{"UserId":"x"}', destination: 'empty' },
  ];
  expect(evidenceOf('chrome', recorded).journey.signedIn).toBe('yes');
  expect(evidenceOf('chrome', recorded.slice(0, -1)).journey).toMatchObject({ signedIn: 'unknown', failedAt: null });
});

test('a wrong password is the form again with its error text', () => {
  const submit = sample.upToToken[3]!;
  const { location: _, setCookies: __, ...refused } = submit;
  const recorded = [...sample.upToToken.slice(0, 2), { ...refused, status: 200, html: sample.formsPage('Incorrect user ID or password.') }];
  const result = resultOf('firefox', recorded);
  expect(result).toMatchObject({ symptom: 'repeated-prompt', failedAt: 'credentials' });
  expect(result.why).toContain('Incorrect user ID or password.');
  expect(result.causes[0]?.id).toBe('wrong-password');
});

test("AD FS's error page gives its Activity ID although the details are folded away", () => {
  const evidence = evidenceOf('edge', [sample.upToToken[0]!, { url: sample.signInAddress(), status: 200, html: sample.adfsError }]);
  expect(evidence.journey).toMatchObject({ symptom: 'error-page', failedAt: 'sts-page' });
  expect(evidence.pages.at(-1)).toMatchObject({
    kind: 'sts-error',
    texts: { activityId: expect.stringContaining(sample.activityId) as unknown, relyingParty: expect.stringContaining('CRM IFD') as unknown },
  });
});

test('internal claims are told by wauth; a last 401 does not prove that no credentials were sent', () => {
  const address = sample.signInAddress().replace(/wauth=.*/, 'wauth=urn%3afederation%3aauthentication%3awindows');
  const recorded: Recorded[] = [
    { url: `${sample.crm}/main.aspx`, status: 302, location: address, byUser: true },
    { url: address, status: 302, location: address.replace('/ls/?', '/ls/wia?') },
    { url: address.replace('/ls/?', '/ls/wia?'), status: 401, challenges: ['Negotiate', 'NTLM'] },
  ];
  const result = resultOf('chrome', recorded);
  expect(result).toMatchObject({ route: 'internal', method: 'windows', symptom: 'http-401', failedAt: 'credentials' });
  expect(result.causes[0]).toMatchObject({ id: 'wia-spn-missing-or-duplicate', certainty: 'suspected' });
  expect(result.causes[0]?.against[0]?.text).toContain('cannot show whether the browser sent');
});

test('a name that does not resolve ends at the stage dns', () => {
  const evidence = evidenceOf('chrome', [sample.upToToken[0]!, { url: sample.signInAddress(), status: 0, failure: 'net::ERR_NAME_NOT_RESOLVED' }]);
  expect(evidence.journey).toMatchObject({ signedIn: 'no', symptom: 'no-answer', failedAt: 'dns' });
});

test('of several tries the last one is judged, and the others are mentioned', () => {
  const evidence = evidenceOf('chrome', [...sample.rolledOver, ...sample.healthy]);
  expect(evidence.journey).toMatchObject({ signedIn: 'yes', rounds: 1, tokenPosts: 1 });
  expect(evidence.captureErrors.find(({ capture }) => capture === 'tries')?.why).toContain('2 sign-ins');
});

test('what follows a sign-out by itself is no sign-in of the user; one the user goes on with is', () => {
  const [redirect, form] = sample.upToToken as [Recorded, Recorded];
  const signOut: Recorded = { url: `${sample.sts}/adfs/ls/?wa=wsignout1.0`, status: 200, html: '<p>You have signed out.</p>' };
  const asksAnew: Recorded[] = [{ ...redirect, byUser: false }, form];
  for (const dialect of ['chrome', 'firefox'] as const) {
    expect(evidenceOf(dialect, [...sample.healthy, signOut]).journey).toMatchObject({ signedIn: 'yes', rounds: 1 });
    expect(evidenceOf(dialect, [...sample.healthy, signOut, ...asksAnew]).journey).toMatchObject({ signedIn: 'yes', rounds: 1 });
    const refused = [...sample.rolledOver].map((each, index) => (index === 0 ? { ...each, byUser: false } : each));
    expect(evidenceOf(dialect, [...sample.healthy, signOut, ...refused]).journey).toMatchObject({
      signedIn: 'no',
      symptom: 'error-page',
      failedAt: 'token-post',
    });
  }
});

test('a recording that stops in the middle of a loop is a loop, and one that stops at its first redirect back is open', () => {
  const round = sample.looping.slice(sample.upToToken.length, sample.upToToken.length + 3);
  expect(evidenceOf('chrome', [...sample.upToToken, ...round, ...round.slice(0, 2)]).journey).toMatchObject({ symptom: 'redirect-loop', rounds: 3 });
  expect(evidenceOf('chrome', [...round, ...round.slice(0, 2)]).journey).toMatchObject({ symptom: 'redirect-loop', tokenPosts: 2 });
  const { journey } = evidenceOf('chrome', [...sample.upToToken, ...round.slice(0, 2)]);
  expect(journey).toMatchObject({ signedIn: 'unknown', why: expect.stringMatching(/ends at a redirect to sts\.contoso\.com/) });
});

test('a recording that begins with the submission of the password still shows that it was refused', () => {
  const { location: _, setCookies: __, ...refused } = sample.upToToken[3]!;
  const result = resultOf('edge', [{ ...refused, status: 200, html: sample.formsPage('Incorrect user ID or password.') }]);
  expect(result).toMatchObject({ symptom: 'repeated-prompt', failedAt: 'credentials', causes: [{ id: 'wrong-password' }, {}] });
});

test('two routes in one recording are two results', () => {
  const internal: Recorded[] = sample.rolledOver.map(
    (each) =>
      JSON.parse(
        JSON.stringify(each)
          .replaceAll('contoso.contoso.com', 'internalcrm.contoso.com')
          .replaceAll('wauth=urn%3aoasis%3anames%3atc%3aSAML%3a1.0%3aam%3apassword', 'wauth=urn%3afederation%3aauthentication%3awindows'),
      ) as Recorded,
  );
  const reading = read(har('chrome', [...internal, ...sample.healthy]));
  if (!reading.ok) throw new Error(reading.why);
  expect(reading.evidence.results.map(({ target, route, journey }) => [target, route, journey.signedIn])).toEqual([
    ['internalcrm.contoso.com', 'internal', 'no'],
    ['contoso.contoso.com', 'ifd', 'yes'],
  ]);
});

test('a file that is no HAR, a foreign one and one cut off are each refused in one sentence', () => {
  const whole = har('chrome', sample.healthy);
  expect(why(whole.slice(0, 4_000))).toContain('ends in the middle');
  expect(why(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]))).toContain('packed (gzip)');
  expect(why(Buffer.from('PK\u0003\u0004 and so on'))).toContain('packed (zip)');
  expect(why('not a har')).toMatch(/^expected a HAR, but/);
  expect(why('{"a": [}')).toContain('not JSON');
  expect(why('{"log": {}}')).toContain('no log.entries');
  expect(why('{"log": {"entries": []}}')).toContain('nothing was recorded');
  expect(why('{"log": {"entries": [{"request": {}}]}}')).toContain('none of its entries');
  expect(why(har('chrome', [{ url: 'https://www.contoso.com/', status: 200, html: '<p>Hello</p>' }]))).toContain('Preserve log');
});

test('a recording that begins after the sign-in at least repeats what the error address says', () => {
  expect(why(har('firefox', sample.rolledOver.slice(-1)))).toContain('ID4175');
});

test('a recording that begins with the POST of the token takes the STS from its sender', () => {
  expect(evidenceOf('firefox', sample.rolledOver.slice(-2))).toMatchObject({
    settings: { stsOrigin: sample.sts, url: `${sample.auth}/` },
    journey: { failedAt: 'token-post', tokenPosts: 1 },
  });
});

test('UTF-16, as PowerShell rewrites files, is read', () => {
  expect(why(Buffer.from(`\uFEFF${har('edge', sample.healthy)}`, 'utf16le'))).toBe('read');
});
