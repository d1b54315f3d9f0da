import { expect, test } from '@playwright/test';
import type { RouteEvidence } from '../contracts/evidence';
import { type ChangeKind, comparisonSchema } from '../contracts/comparison';
import { baselineOf } from './compare/baseline-of';
import { compare } from './compare';
import {
  clocks,
  cookie,
  crmEncryptionNew,
  crmMetadata,
  failed,
  newSigning,
  oldSigning,
  refused,
  sample,
  serverCertificate,
  stsMetadata,
  tlsFacts,
  token,
  tokenPost,
} from './testing/sample-evidence';
import { run, side, timed } from './testing/sample-sides';

const options = { id: 'c-1', at: '2026-03-02T10:00:00.000Z', tool: '1.0.0', change: null };
const against = (after: Parameters<typeof side>[1], expected: readonly ChangeKind[] = [], before?: Parameters<typeof side>[1]) =>
  comparisonSchema.parse(compare(side('before', before), side(null, after), { ...options, expect: expected }));
const both = (over: (route: 'internal' | 'ifd') => Partial<RouteEvidence>): RouteEvidence[] => [
  sample('internal', over('internal')),
  sample('ifd', over('ifd')),
];

test('two healthy runs whose ids, times and random values differ are the same', () => {
  const later = both((route) => ({
    startedAt: '2026-03-02T09:40:00.000Z',
    finishedAt: '2026-03-02T09:40:03.000Z',
    exchanges: sample(route).exchanges.map((exchange) =>
      exchange.wsfed
        ? {
            ...exchange,
            wsfed: {
              ...exchange.wsfed,
              wct: '2026-03-02T09:40:01Z',
              wctx: exchange.wsfed.wctx?.replace('50dc8871-66cf-4d0b-b70c-65c50975ae6f', '0f6b7a2f-8c7e-4b43-8d5e-6f2a4f4e9d10') ?? '',
            },
          }
        : exchange,
    ),
    timings: { ...sample(route).timings, totalMs: 2900 },
  }));
  const comparison = against(later);
  expect(comparison.differences).toEqual([]);
  expect(comparison).toMatchObject({ verdict: 'same', decision: 'go', summary: 'Nothing has changed; sign-in to contoso works over both routes.' });
});

const oneChange: readonly { what: string; kind: ChangeKind; after: RouteEvidence[]; alwaysFinding?: true }[] = [
  { what: 'another signing certificate', kind: 'signing-certificate', after: both(() => ({ stsMetadata: stsMetadata(newSigning) })) },
  { what: 'a further signing certificate', kind: 'signing-certificate', after: both(() => ({ stsMetadata: stsMetadata(sampleSigning(), oldSigning) })) },
  {
    what: 'another CRM encryption certificate',
    kind: 'encryption-certificate',
    after: both((route) => ({
      crmMetadata: crmMetadata(route, crmEncryptionNew),
      token: token(route, { encryptedFor: { issuer: crmEncryptionNew.issuer, serial: crmEncryptionNew.serial } }),
    })),
  },
  {
    what: 'another TLS certificate',
    kind: 'tls-certificate',
    after: both((route) => ({
      tls: sample(route).tls.map((tls) =>
        tls.host.startsWith('sts') ? tlsFacts(tls.host, { chain: [{ ...serverCertificate(tls.host), sha1: 'AB'.repeat(20) }] }) : tls,
      ),
    })),
  },
  { what: 'an older TLS version', kind: 'tls-protocol', after: both((route) => ({ tls: sample(route).tls.map((tls) => ({ ...tls, protocol: 'TLSv1.2' })) })) },
  { what: 'another address', kind: 'dns', after: both((route) => ({ dns: sample(route).dns.map((dns) => ({ ...dns, addresses: ['10.9.9.9'] })) })) },
  {
    what: 'another address in the scopes',
    kind: 'identifiers',
    after: [sample('internal'), sample('ifd', { crmMetadata: { ...readMetadata('ifd'), scopes: ['https://auth.contoso.com/'] } })],
  },
  {
    what: 'a token posted elsewhere',
    kind: 'endpoints',
    after: [sample('internal'), sample('ifd', { token: token('ifd', { postedTo: 'https://auth.contoso.com:444/' }) })],
  },
  { what: 'a form where Windows sign-in was', kind: 'methods', after: [sample('internal', { method: 'forms' }), sample('ifd')] },
  {
    what: 'another algorithm for the token',
    kind: 'token',
    after: both((route) => ({ token: token(route, { dataAlgorithm: 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc' }) })),
  },
  {
    what: 'a cookie without Secure',
    kind: 'cookies',
    after: [
      sample('internal'),
      sample('ifd', {
        exchanges: sample('ifd').exchanges.map((one) =>
          one.seq === 5 ? tokenPost('ifd', { location: one.location, cookiesSet: [cookie('MSISAuth', { domain: 'contoso.com', flags: [] })] }) : one,
        ),
      }),
    ],
  },
  { what: 'an older CRM', kind: 'version', after: both((route) => ({ whoAmI: { ...answered(route), url: `https://crm/api/data/v8.2/WhoAmI` } })) },
  {
    what: 'another organization',
    kind: 'user',
    after: both((route) => ({ whoAmI: { ...answered(route), organizationId: '11111111-2222-3333-4444-555555555555' } })),
  },
  { what: 'a moved clock', kind: 'clock', after: both((route) => ({ clocks: clocks(240_000, route) })) },
  {
    what: 'an intermediate that is no longer sent',
    kind: 'tls-certificate',
    after: both((route) => ({ tls: sample(route).tls.map((tls) => ({ ...tls, incomplete: true })) })),
    alwaysFinding: true,
  },
  {
    what: 'metadata that cannot be read',
    kind: 'endpoints',
    after: both(() => ({ crmMetadata: { ok: false as const, url: 'https://crm/', status: 503, why: 'status 503' } })),
    alwaysFinding: true,
  },
];

function sampleSigning() {
  const metadata = readSts();
  return metadata.keys.find(({ use }) => use === 'signing')!.certificate;
}
function readSts() {
  const metadata = sample().stsMetadata;
  if (!metadata?.ok) throw new Error('the sample has metadata');
  return metadata;
}
function readMetadata(route: 'internal' | 'ifd') {
  const metadata = crmMetadata(route);
  if (!metadata.ok) throw new Error('the sample has metadata');
  return metadata;
}
function answered(route: 'internal' | 'ifd') {
  const { whoAmI } = sample(route);
  if (!whoAmI?.ok) throw new Error('the sample has an answer');
  return whoAmI;
}

for (const { what, kind, after, alwaysFinding } of oneChange) {
  test(`${what} is a finding unless ${kind} was announced${alwaysFinding ? ', and even then' : ''}`, () => {
    const unannounced = against(after);
    expect(unannounced.verdict).toBe('regression');
    expect([...new Set(unannounced.differences.filter(({ judged }) => judged === 'unannounced').map((difference) => difference.kind))]).toEqual([kind]);
    for (const { meaning, where, before, after: now } of unannounced.differences) {
      expect(meaning, where).toMatch(/\.$/);
      expect(before, where).not.toBe(now);
    }
    const announced = against(after, [kind]);
    expect(announced.verdict).toBe(alwaysFinding ? 'regression' : 'intended-change');
    if (!alwaysFinding) expect(announced.notHappened).toEqual([]);
    expect(against(after, ['routes']).verdict, 'another word does not cover it').toBe('regression');
  });
}

test('what is alike on both routes is told once, and what is on one names it', () => {
  const { differences } = against(both(() => ({ stsMetadata: stsMetadata(newSigning) })));
  expect(differences.map(({ routes }) => routes)).toEqual([['internal', 'ifd']]);
  expect(against([sample('internal', { method: 'forms' }), sample('ifd')]).differences[0]?.routes).toEqual(['internal']);
});

test('a route that no longer works is a regression whatever was announced, with the cause named and its consequences set apart', () => {
  const rolled = refused(
    'ifd',
    { stsMetadata: stsMetadata(newSigning, oldSigning) },
    'error-page',
    'ID4175: The issuer of the security token was not recognized.',
  );
  const comparison = against(
    [sample('internal', { stsMetadata: stsMetadata(newSigning, oldSigning) }), rolled],
    ['signing-certificate', 'user', 'endpoints', 'cookies'],
  );
  expect(comparison).toMatchObject({ verdict: 'regression', decision: 'roll-back' });
  expect(comparison.summary).toMatch(/^Sign-in to contoso no longer works over IFD: .+; it works over internal claims/);
  expect(comparison.differences[0]).toMatchObject({ kind: 'sign-in', routes: ['ifd'], judged: 'unannounced' });
  expect(comparison.routes.find(({ route }) => route === 'ifd')?.causes[0]?.id).toBe('adfs-signing-cert-rolled');
  expect(comparison.differences.filter(({ judged }) => judged === 'unannounced').map(({ kind }) => kind)).toEqual(['sign-in']);
  expect(comparison.differences.filter(({ judged }) => judged === 'follows').length).toBeGreaterThan(0);
});

test('broken before and healthy now is better, not a regression', () => {
  const comparison = against(undefined, [], [sample('internal'), refused('ifd')]);
  expect(comparison).toMatchObject({ verdict: 'intended-change', decision: 'go' });
  expect(comparison.differences.map(({ judged }) => judged)).not.toContain('unannounced');
  expect(comparison.summary).toBe('Better than before, and nothing is worse; sign-in to contoso works over both routes.');
});

test('broken on both sides for the same reason has not changed, but is no go', () => {
  const broken = [refused('internal'), refused('ifd')];
  expect(against(broken, [], broken)).toMatchObject({
    verdict: 'same',
    decision: 'roll-back',
    summary: expect.stringContaining('does not work over both routes, as before'),
  });
  expect(against([refused('internal'), sample('ifd', { journey: failed('dns', { symptom: 'no-answer' }), dns: [] })], [], broken).verdict).toBe('regression');
});

test('a route that was not tried on one side is said', () => {
  const gone = against([sample('internal')]);
  expect(gone).toMatchObject({ verdict: 'regression', routes: [{ route: 'internal' }, { route: 'ifd', after: null }] });
  expect(gone.differences[0]).toMatchObject({ kind: 'routes', routes: ['ifd'], after: null });
  expect(against([sample('internal')], ['routes']).verdict).toBe('intended-change');
  expect(against(undefined, [], [sample('internal')])).toMatchObject({ verdict: 'same', differences: [{ kind: 'routes', judged: 'noted' }] });
});

test('an announced change that did not happen is said, and is no regression', () => {
  const comparison = against(undefined, ['signing-certificate', 'dns']);
  expect(comparison).toMatchObject({ verdict: 'same', decision: 'go', notHappened: [{ kind: 'signing-certificate' }, { kind: 'dns' }] });
  expect(comparison.summary).toContain('announced but not seen: signing-certificate, dns');
});

test('a risk that only comes nearer is noted; a successor that waits is a finding unless announced', () => {
  const day = 86_400_000;
  const pending = both(() => ({ stsMetadata: stsMetadata(oldSigningSoon(), newSigning) }));
  const before = both(() => ({
    stsMetadata: stsMetadata(oldSigningSoon()),
    startedAt: new Date(Date.parse('2026-02-19T09:00:00.000Z') - 60 * day).toISOString(),
  }));
  const unannounced = against(pending, [], before);
  expect(unannounced.verdict).toBe('regression');
  expect(against(pending, ['signing-certificate'], before).verdict).toBe('intended-change');
  const nearer = against(
    both(() => ({ stsMetadata: stsMetadata(oldSigningSoon()), startedAt: '2026-02-19T09:00:00.000Z' })),
    [],
    both(() => ({ stsMetadata: stsMetadata(oldSigningSoon()), startedAt: '2026-01-19T09:00:00.000Z' })),
  );
  expect(nearer.verdict).toBe('same');
});
const oldSigningSoon = () => ({ ...oldSigning, notAfter: '2026-03-12T00:00:00.000Z' });

test('one slow sign-in is not called slower; ten clearly slower ones are, and noise is not', () => {
  const fast = [510, 498, 530, 505, 520, 499, 515, 540, 503, 511];
  const slow = fast.map((ms) => ms * 2);
  const judged = (before: readonly number[], after: readonly number[], expected: readonly ChangeKind[] = []) =>
    compare(timed('before', before), timed('after', after), { ...options, expect: expected });
  expect(judged([500], [5000])).toMatchObject({ verdict: 'same', timings: [{ what: 'total', judged: 'too-few' }, {}, {}, {}] });
  expect(judged(fast, slow)).toMatchObject({ verdict: 'regression', differences: [{ kind: 'timing' }] });
  expect(judged(fast, slow, ['timing']).verdict).toBe('intended-change');
  expect(judged(slow, fast)).toMatchObject({ verdict: 'same', differences: [{ kind: 'timing', judged: 'noted' }] });
  // Surely different, but by so little that nobody waits longer.
  expect(
    judged(
      fast,
      fast.map((ms) => ms + 60),
    ).verdict,
  ).toBe('same');
  expect(judged(fast, [...fast].reverse()).verdict).toBe('same');
});

test('what differs among the healthy sign-ins of one side by itself is not compared, and said', () => {
  const node = (address: string) => run(address, [sample('ifd', { dns: [{ host: 'sts.contoso.com', addresses: [address], error: null, source: 'system' }] })]);
  const before = baselineOf([node('10.0.0.5'), node('10.0.0.6')], { name: 'before', savedAt: options.at });
  const after = baselineOf([node('10.0.0.7')], { name: null, savedAt: options.at });
  const comparison = compare(before, after, { ...options, expect: [] });
  expect(comparison.verdict).toBe('same');
  expect(comparison.notCompared.map(({ what }) => what)).toContain('DNS of sts.contoso.com');
});

test('what was masked on one side is not called a difference', () => {
  const masked = sample('ifd').exchanges.map((one) => (one.wsfed ? { ...one, wsfed: { ...one.wsfed, wtrealm: 'https://contoso.contoso.com/[masked]' } } : one));
  const comparison = against([sample('internal'), sample('ifd', { exchanges: masked })]);
  expect(comparison.verdict).toBe('same');
  expect(comparison.notCompared).toContainEqual(expect.objectContaining({ routes: ['ifd'], what: 'Realm CRM asks with (wtrealm)' }));
});

test('no password, cookie value or token is in a side, and nothing of what a bare report lacks counts as a difference', () => {
  const before = side('before');
  expect(JSON.stringify(before)).not.toMatch(/"(value|password|wresult)"/);
  const bare = baselineOf([{ ...run('r', []), states: before.states.map((state) => ({ ...state, stsMetadata: null, crmMetadata: null, wsdl: null })) }], {
    name: null,
    savedAt: options.at,
  });
  const comparison = compare(before, bare, { ...options, expect: [] });
  expect(comparison.verdict).toBe('same');
  expect(comparison.notCompared.map(({ what }) => what)).toContain('AD FS metadata');
});
