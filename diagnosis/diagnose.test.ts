import { expect, test } from '@playwright/test';
import { causeIds } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import { diagnose } from './diagnose';
import {
  clocks,
  crmEncryptionNew,
  crmMetadata,
  exchange,
  failed,
  newSigning,
  oldSigning,
  page,
  refusal,
  refused,
  rolled,
  sample,
  stsMetadata,
  tlsFacts,
  certificate,
  upToToken,
} from './testing/sample-evidence';

const run = {
  id: 'r1',
  startedAt: '2026-03-02T09:00:00.000Z',
  finishedAt: '2026-03-02T09:00:04.000Z',
  label: null,
  location: null,
  tool: '1.0.0',
  browser: 'test',
};
const report = (...results: RouteEvidence[]) => diagnose({ schema: 1, run, results });
const only = (result: RouteEvidence) => report(result).results[0]!;
const ids = (result: RouteEvidence): string[] => only(result).causes.map(({ id }) => id);

test('a good sign-in is healthy, and the worst result decides the run', () => {
  expect(report(sample('internal'), sample('ifd')).verdict).toBe('healthy');
  expect(report(sample('internal'), refused()).verdict).toBe('broken');
  expect(report(sample('internal', { journey: failed('dns', { signedIn: 'unknown' }) }), sample('ifd')).verdict).toBe('unknown');
  expect(diagnose({ schema: 1, run, results: [] }).verdict).toBe('unknown');
});

test('what breaks a sign-in comes before what only warns, though that strikes earlier', () => {
  const userAgents: RouteEvidence['userAgents'] = [
    { browser: 'probe', status: 200, challenges: [], showsForm: true },
    { browser: 'edge', status: 401, challenges: ['Negotiate', 'NTLM'], showsForm: false },
  ];
  const pages = [page(1, { kind: 'sts-forms', url: 'https://sts.contoso.com/adfs/ls/', action: 'typed the credentials' })];
  const both = refused('ifd', { ...rolled, method: 'forms', userAgents }, 'http-401');
  expect(ids({ ...both, pages: [...pages, ...both.pages] })).toEqual(['adfs-signing-cert-rolled', 'wia-user-agent-not-supported']);
});

test('the KB comes first after a rollover, in every face and on both routes', () => {
  for (const face of ['error-page', 'http-401', 'http-500', 'back-to-sts'] as const) {
    const result = only(refused('ifd', rolled, face));
    expect(result.causes[0], face).toMatchObject({ id: 'adfs-signing-cert-rolled', kb: '2686840', certainty: 'probable' });
    expect(result.verdict).toBe('broken');
    expect(result.forecast.state).toBe('promoted');
    expect(result.summary).toBe('broken: AD FS signing certificate rolled over, CRM still trusts the old one (KB 2686840, probable)');
  }
});

test('each twin of the KB comes first and the KB is not named', () => {
  const cases = {
    'clock-skew-crm-vs-adfs': refused('ifd', { clocks: clocks(-600_000) }),
    'crm-encryption-cert-changed-rp-stale': refused('ifd', { crmMetadata: crmMetadata('ifd', crmEncryptionNew) }),
    'audience-realm-mismatch': refused('ifd', { token: { ...sample().token!, appliesTo: 'https://old.contoso.com/' } }),
    'adfs-issuer-name-changed': refused('ifd', {
      stsMetadata: { ...stsMetadata(), entityId: 'http://login.contoso.com/adfs/services/trust' } as RouteEvidence['stsMetadata'],
    }),
  };
  for (const [id, evidence] of Object.entries(cases)) {
    expect(ids(evidence)[0]).toBe(id);
    expect(ids(evidence)).not.toContain('adfs-signing-cert-rolled');
    expect(ids({ ...evidence, lastGood: null })).not.toContain('adfs-signing-cert-rolled');
  }
});

test('an unexplained failure stays unexplained, says so and shows the last exchange', () => {
  const result = only(refused('ifd', {}, 'http-401'));
  expect(result.causes).toEqual([]);
  expect(result.summary).toContain('unexplained');
  expect(result.summary).toContain('Last exchange (5): POST https://auth.contoso.com/ 401.');
  expect(result.ruledOut.map(({ id }) => id)).toContain('adfs-signing-cert-rolled');
});

test('every cause is found, ruled out or not judged, exactly once', () => {
  const result = only(refused('ifd', rolled));
  const all = [...result.causes, ...result.ruledOut, ...result.notJudged].map(({ id }) => id);
  expect(all.sort()).toEqual([...new Set(all)].sort());
  expect(all).toHaveLength(causeIds.length);
});

test('sign-in that works but will break is at risk: open window, near end, TLS certificate', () => {
  const open = only(sample('ifd', { stsMetadata: stsMetadata(oldSigning, newSigning) }));
  expect(open).toMatchObject({
    verdict: 'at-risk',
    causes: [{ id: 'adfs-signing-cert-secondary-pending', certainty: 'confirmed' }],
    forecast: { state: 'window-open' },
  });
  const near = certificate('near', { notAfter: '2026-04-10T00:00:00.000Z' });
  expect(only(sample('ifd', { stsMetadata: stsMetadata(near) }))).toMatchObject({ verdict: 'at-risk', causes: [] });
  const encryption = only(sample('ifd', { crmMetadata: crmMetadata('ifd', certificate('*.contoso.com ends', { notAfter: '2026-03-20T00:00:00.000Z' })) }));
  expect(encryption).toMatchObject({
    verdict: 'at-risk',
    summary: "at risk: signed in, but CRM's encryption certificate (auth.contoso.com) ends 2026-03-20 00:00 UTC",
  });
  expect(encryption.expiries[0]).toMatchObject({ what: 'crm-encryption', daysLeft: 17 });
  const tls = only(sample('ifd', { tls: [tlsFacts('sts.contoso.com', { chain: [near] })], startedAt: '2026-03-20T00:00:00.000Z' }));
  expect(tls).toMatchObject({ verdict: 'at-risk', summary: 'at risk: signed in, but the TLS certificate of sts.contoso.com ends 2026-04-10 00:00 UTC' });
});

test('a probe fault is unknown; what a check proved without credentials is broken', () => {
  expect(only(sample('ifd', { journey: failed('token-post', { signedIn: 'unknown', why: 'The browser was closed.' }) })).verdict).toBe('unknown');
  const down = sample('ifd', {
    journey: failed('crm-redirect', { signedIn: 'unknown' }),
    exchanges: [exchange(1, { url: 'https://contoso.contoso.com/main.aspx', status: 503 })],
  });
  expect(only(down)).toMatchObject({ verdict: 'broken', causes: [{ id: 'crm-app-pool-down' }] });
});

test('a refused Windows sign-in is judged by the other route of the same run', () => {
  const windows = sample('internal', {
    journey: failed('credentials', { windowsPrompts: 2 }),
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: 'https://sts.contoso.com/adfs/ls/wia', step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] }),
    ],
    pages: [],
  });
  const again = { ...page(2, { kind: 'sts-forms', url: 'https://sts.contoso.com/adfs/ls/', texts: { errorText: 'Incorrect user ID or password.' } }) };
  const forms = sample('ifd', {
    journey: failed('credentials'),
    exchanges: [...upToToken('ifd').slice(0, 2), exchange(3, { url: 'https://sts.contoso.com/adfs/ls/', method: 'POST', step: 'credentials' })],
    pages: [sample().pages[0]!, again],
  });
  expect(report(windows, sample('ifd')).results[0]!.causes.map(({ id, certainty }) => `${id} ${certainty}`)).toEqual(['wia-spn-missing-or-duplicate probable']);
  expect(report(windows, forms).results.map(({ causes }) => causes.map(({ id, certainty }) => `${id} ${certainty}`))).toEqual([
    ['wrong-password probable', 'account-locked-disabled-restricted suspected'],
    ['wrong-password probable', 'account-locked-disabled-restricted suspected'],
  ]);
  expect(only(windows).causes.map(({ id, certainty }) => `${id} ${certainty}`)).toEqual(['wrong-password suspected', 'wia-spn-missing-or-duplicate suspected']);
});

test('an effect is never the root cause when another cause is found', () => {
  const error = page(9, {
    kind: 'sts-error',
    url: 'https://sts.contoso.com/adfs/ls/',
    texts: { message: 'MSIS7042: The same client browser session has made …' },
  });
  const result = only(refused('ifd', { ...rolled, exchanges: refusal('ifd', 'back-to-sts'), pages: [error] }));
  expect(result.causes.map(({ id }) => id)).toEqual(['adfs-signing-cert-rolled', 'adfs-loop-detected-msis7042']);
  const guessed = only(refused('ifd', { ...rolled, lastGood: null, exchanges: refusal('ifd', 'back-to-sts'), pages: [error] }));
  expect(guessed.causes.map(({ id, certainty }) => `${id} ${certainty}`)).toEqual([
    'adfs-signing-cert-rolled suspected',
    'adfs-loop-detected-msis7042 confirmed',
  ]);
});

test('a rule that throws is not judged, and the others go on', () => {
  const broken = refused('ifd', { ...rolled, dns: null as unknown as RouteEvidence['dns'] });
  const result = only(broken);
  expect(result.notJudged.find(({ id }) => id === 'dns-missing-or-wrong-target')?.why).toContain('The rule itself failed');
  expect(result.ruledOut.length).toBeGreaterThan(5);
});

test('certificates are listed once per role, with what they are and where they were seen', () => {
  const list = only(refused('ifd', rolled)).certificates;
  expect(list.filter(({ role }) => role === 'sts-signing').map(({ sha1, primary, seenIn }) => ({ sha1, primary, seenIn }))).toEqual([
    { sha1: newSigning.sha1, primary: true, seenIn: ['metadata', 'metadata-signature'] },
    { sha1: oldSigning.sha1, primary: false, seenIn: ['metadata', 'last-good'] },
  ]);
  expect(list.find(({ role }) => role === 'crm-encryption')?.seenIn).toEqual(['metadata', 'metadata-signature', 'token', 'last-good']);
});
