/** Two faults at once: the one the sign-in met comes first, and what it hides is not confirmed without words of its own. */
import { expect, test } from '@playwright/test';
import type { RouteEvidence } from '../contracts/evidence';
import { resultOf } from './testing/what-must-hold';
import { clocks, crmEncryptionNew, crmMetadata, exchange, failed, refused, sample, stsMetadata, tlsFacts, upToToken } from './testing/sample-evidence';

const crm = 'https://contoso.contoso.com/main.aspx';
const stsMetadataDown = {
  ok: false,
  url: 'https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml',
  status: null,
  why: 'ENOTFOUND',
} as const;
const lookedUp: readonly (readonly [string, Partial<RouteEvidence>])[] = [
  ['a name that does not resolve', { dns: [{ host: 'sts.contoso.com', addresses: [], error: 'ENOTFOUND', source: 'system' }] }],
  ['a chain that is not trusted', { tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'SELF_SIGNED_CERT_IN_CHAIN' })] }],
  [
    'a certificate for another name',
    { tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'ERR_TLS_CERT_ALTNAME_INVALID', names: ['other.contoso.com'] })] },
  ],
  ['no protocol in common', { tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', chain: [], names: [] })] }],
  ['a service that refuses connections', { tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'ECONNREFUSED', chain: [], names: [] })] }],
];
const named = (evidence: RouteEvidence): string[] => resultOf(evidence).causes.map(({ id, certainty }) => `${id} ${certainty}`);

for (const [what, fault] of lookedUp) {
  test(`CRM's own 503 comes before ${what} at AD FS, to which the sign-in never came`, () => {
    const exchanges = [exchange(1, { url: crm, status: 503 })];
    const result = resultOf(sample('ifd', { journey: failed('crm-redirect'), pages: [], exchanges, stsMetadata: stsMetadataDown, ...fault }));
    expect(result.causes[0]).toMatchObject({ id: 'crm-app-pool-down', certainty: 'confirmed' });
    expect(result.causes.slice(1).filter(({ certainty }) => certainty === 'confirmed')).toEqual([]);
    expect(result.verdict).toBe('broken');
  });

  test(`claims switched off in CRM come before ${what} at AD FS, though only suspected`, () => {
    const exchanges = [exchange(1, { url: crm, status: 401, challenges: ['Negotiate', 'NTLM'] })];
    const over = { journey: failed('crm-redirect'), pages: [], exchanges, stsMetadata: stsMetadataDown, ...fault };
    expect(named(sample('ifd', { ...over, wsdl: null }))[0]).toBe('crm-claims-disabled-or-half-reconfigured suspected');
  });
}

test('the same fault at AD FS is confirmed where the browser came to it, or CRM sent it there and the sign-in ended', () => {
  const [, chain] = lookedUp[1]!;
  const cut = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CERT_AUTHORITY_INVALID' });
  const sent = upToToken('ifd').slice(0, 1);
  for (const exchanges of [[...sent, cut], sent])
    expect(named(sample('ifd', { journey: failed('tls'), pages: [], exchanges, ...chain }))[0]).toBe('tls-untrusted-chain confirmed');
});

test('of two faults of one token without words of CRM’s only the one checked first is confirmed', () => {
  const otherKey = { crmMetadata: crmMetadata('ifd', crmEncryptionNew) };
  const late = { clocks: clocks(-600_000) };
  const otherRealm = { token: { ...sample().token!, appliesTo: 'https://old.contoso.com/' } };
  const otherName = { stsMetadata: { ...stsMetadata(), entityId: 'http://login.contoso.com/adfs/services/trust' } as RouteEvidence['stsMetadata'] };
  const inOrder = [
    ['crm-encryption-cert-changed-rp-stale', otherKey],
    ['clock-skew-crm-vs-adfs', late],
    ['audience-realm-mismatch', otherRealm],
    ['adfs-issuer-name-changed', otherName],
  ] as const;
  for (const [index, [first, fault]] of inOrder.entries())
    for (const [second, other] of inOrder.slice(index + 1))
      expect(named(refused('ifd', { ...fault, ...other }))).toEqual([`${first} confirmed`, `${second} probable`]);
});

test('with words of CRM’s the fault they name is confirmed, whatever else differs', () => {
  const both = refused(
    'ifd',
    { clocks: clocks(-600_000), crmMetadata: crmMetadata('ifd', crmEncryptionNew) },
    'error-page',
    'ID4223: The NotOnOrAfter condition is not satisfied',
  );
  expect(named(both)[0]).toBe('clock-skew-crm-vs-adfs confirmed');
});

test('an address of the STS that answers 503 is broken for people, though its cause is only probable and the run itself ended otherwise', () => {
  const exchanges = [...upToToken('ifd').slice(0, 1), exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: 503 })];
  for (const signedIn of ['no', 'unknown'] as const) {
    const result = resultOf(
      sample('ifd', { journey: failed('sts-page', { signedIn }), pages: [], exchanges, stsMetadata: { ...stsMetadataDown, status: 503 } }),
    );
    expect(result).toMatchObject({ verdict: 'broken', causes: [{ id: 'adfs-service-down', certainty: 'probable' }] });
  }
});

test('where the browser itself never got to ask, names and certificates that fail are broken, and not confirmed as the reason', () => {
  const [, name] = lookedUp[0]!;
  const result = resultOf(sample('ifd', { journey: failed('dns', { signedIn: 'unknown' }), pages: [], exchanges: [], stsMetadata: null, ...name }));
  expect(result).toMatchObject({ verdict: 'broken', causes: [{ id: 'dns-missing-or-wrong-target', certainty: 'suspected' }] });
});
