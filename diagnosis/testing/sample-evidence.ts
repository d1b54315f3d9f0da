import type { CertificateFacts, LastGood, RouteEvidence } from '../../contracts/evidence';
import type { Sibling } from '../define-rule';
import { authority, crmEncryption, decrypting, entityId, newSigning, oldSigning, serverCertificate, signing, startedAt, stsUrl } from './sample-certificates';
import { cookie, exchange, hosts, page, refusal, tokenHosts, tokenPost, upToToken, type SampleRoute } from './sample-exchanges';

/**
 * Test material: a healthy sign-in (forms over IFD, Windows over the internal address) as a probe would have written it, and failed ones.
 * Override what a case is about.
 */

export * from './sample-certificates';
export * from './sample-exchanges';

/** The journey of a sign-in that ended at this stage. */
export const failed = (
  failedAt: NonNullable<RouteEvidence['journey']['failedAt']>,
  over: Partial<RouteEvidence['journey']> = {},
): RouteEvidence['journey'] => ({
  signedIn: 'no',
  symptom: 'error-page',
  failedAt,
  why: 'The sign-in did not succeed.',
  rounds: 1,
  tokenPosts: failedAt === 'token-post' ? 1 : 0,
  credentialSubmissions: 1,
  windowsPrompts: null,
  withheld: null,
  parked: null,
  signedInAs: null,
  ...over,
});

const key = (certificateFacts: CertificateFacts, use: 'signing' | 'encryption' | 'both') => ({ certificate: certificateFacts, use });

/** AD FS's metadata with `primary` as its signer. */
export const stsMetadata = (primary: CertificateFacts = signing, ...others: readonly CertificateFacts[]): NonNullable<RouteEvidence['stsMetadata']> => ({
  ok: true,
  url: `${stsUrl}/FederationMetadata/2007-06/FederationMetadata.xml`,
  entityId,
  signature: { status: 'valid', signerSha1: primary.sha1 },
  keys: [key(decrypting, 'encryption'), ...[primary, ...others].map((each) => key(each, 'signing'))],
  unreadable: [],
  passiveEndpoints: [`${stsUrl}/adfs/ls/`],
  scopes: [],
  bytes: 41_200,
});

export const crmMetadata = (route: SampleRoute, encryption: CertificateFacts = crmEncryption): NonNullable<RouteEvidence['crmMetadata']> => {
  const realms =
    route === 'ifd' ? ['https://auth.contoso.com/', 'https://contoso.contoso.com/', 'https://dev.contoso.com/'] : ['https://internalcrm.contoso.com/'];
  return {
    ok: true,
    url: `https://${tokenHosts[route]}/FederationMetadata/2007-06/FederationMetadata.xml`,
    entityId: realms[0] ?? '',
    signature: { status: 'valid', signerSha1: encryption.sha1 },
    keys: [key(encryption, 'encryption')],
    unreadable: [],
    passiveEndpoints: [`https://${tokenHosts[route]}/`],
    scopes: realms,
    bytes: 6_100,
  };
};

export const token = (route: SampleRoute, over: Partial<NonNullable<RouteEvidence['token']>> = {}): NonNullable<RouteEvidence['token']> => ({
  type: 'urn:oasis:names:tc:SAML:1.0:assertion',
  encrypted: true,
  encryptedFor: { issuer: 'CN=Contoso Issuing CA, O="Contoso, Ltd", C=US', serial: crmEncryption.serial },
  dataAlgorithm: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  keyAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  lifetime: { created: '2026-03-02T09:00:01.500Z', expires: '2026-03-02T10:00:01.500Z' },
  appliesTo: `https://${hosts[route]}/`,
  issuer: null,
  audience: null,
  notBefore: null,
  notOnOrAfter: null,
  authenticationMethod: null,
  claims: [],
  signer: null,
  signature: 'encrypted',
  bytes: 9120,
  postedTo: `https://${tokenHosts[route]}/`,
  unreadable: null,
  decryption: null,
  ...over,
});

/** Clocks of both servers, CRM's off by `crmOffsetMs`. */
export const clocks = (crmOffsetMs = 0, route: SampleRoute = 'ifd'): RouteEvidence['clocks'] => [
  { host: hosts[route], role: 'crm', offsetMs: crmOffsetMs + 120, uncertaintyMs: 520, source: 'Date' },
  { host: 'sts.contoso.com', role: 'sts', offsetMs: -80, uncertaintyMs: 520, source: 'Date' },
];

export const lastGood = (route: SampleRoute, over: Partial<LastGood> = {}): LastGood => ({
  schema: 1,
  target: 'contoso',
  route,
  savedAt: '2026-03-01T09:00:00.000Z',
  runId: '20260301-090000',
  method: route === 'ifd' ? 'forms' : 'windows',
  stsPrimarySha1: signing.sha1,
  stsKeys: [key(signing, 'signing')],
  stsEntityId: entityId,
  crmKeys: [key(crmEncryption, 'encryption')],
  crmScopes: (crmMetadata(route) as { scopes: string[] }).scopes,
  wsdlIdentifier: entityId,
  wtrealm: `https://${hosts[route]}/`,
  tokenEncryptedFor: { issuer: authority, serial: crmEncryption.serial },
  tokenPostedTo: `https://${tokenHosts[route]}/`,
  tokenSignerSha1: null,
  tls: [...new Set([hosts[route], tokenHosts[route], 'sts.contoso.com'])].map((host) => ({ host, sha1: serverCertificate(host).sha1 })),
  dns: [
    { host: hosts[route], addresses: ['10.0.0.10'] },
    { host: 'sts.contoso.com', addresses: ['10.0.0.5'] },
  ],
  shape: [],
  totalMs: 1830,
  ...over,
});

export const tlsFacts = (host: string, over: Partial<RouteEvidence['tls'][number]> = {}): RouteEvidence['tls'][number] => ({
  host,
  port: 443,
  address: '10.0.0.5',
  trusted: true,
  error: null,
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  chain: [serverCertificate(host)],
  names: [host],
  incomplete: false,
  ...over,
});

/** The same signer before the sign-in and each time after it. */
export const samplesOf = (metadata: RouteEvidence['stsMetadata']): RouteEvidence['stsSamples'] =>
  (['before', 'after', 'after', 'after', 'after', 'after'] as const).map((phase) => ({
    phase,
    at: startedAt,
    signerSha1: metadata?.ok && metadata.signature.status === 'valid' ? metadata.signature.signerSha1 : null,
    keys: metadata?.ok ? metadata.keys.flatMap(({ use, certificate: { sha1 } }) => (use === 'signing' ? [sha1] : [])) : [],
    entityId: metadata?.ok ? metadata.entityId : null,
  }));

/** A healthy result; `over` replaces whole parts. */
export function sample(route: SampleRoute = 'ifd', over: Partial<RouteEvidence> = {}): RouteEvidence {
  const crm = `https://${hosts[route]}`;
  const all = [...new Set([hosts[route], tokenHosts[route], 'sts.contoso.com'])];
  const domain = route === 'ifd' ? 'contoso.com' : null;
  return {
    target: 'contoso',
    route,
    settings: {
      url: `${crm}/main.aspx`,
      stsOrigin: stsUrl,
      account: 'CONTOSO\\probe',
      windowsCurrent: false,
      expect: { user: null, organization: null },
      api: true,
      rollover: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
      warnDays: 30,
    },
    startedAt,
    finishedAt: '2026-03-02T09:00:02.000Z',
    method: route === 'ifd' ? 'forms' : 'windows',
    journey: {
      signedIn: 'yes',
      symptom: 'none',
      failedAt: null,
      why: "Signed in: CRM's shell and WhoAmI.",
      rounds: 1,
      tokenPosts: 1,
      credentialSubmissions: 1,
      windowsPrompts: null,
      withheld: null,
      parked: null,
      signedInAs: 'probe@contoso.com',
    },
    pages: [
      ...(route === 'ifd' ? [page(1, { kind: 'sts-forms', url: `${stsUrl}/adfs/ls/`, title: 'Sign In', exchange: 2, action: 'typed the credentials' })] : []),
      page(2, { kind: 'sts-working', url: `${stsUrl}/adfs/ls/`, title: 'Working...', exchange: 4 }),
      page(3, { kind: 'crm-shell', url: `${crm}/main.aspx`, title: 'Dashboards', exchange: 6 }),
    ],
    exchanges: [
      ...upToToken(route),
      tokenPost(route, { location: `${crm}/main.aspx`, cookiesSet: [cookie('MSISAuth', { domain }), cookie('MSISAuth1', { bytes: 1204, domain })] }),
      exchange(6, {
        url: `${crm}/main.aspx`,
        step: 'crm-page',
        redirectedFrom: 5,
        cookiesSent: [
          { name: 'MSISAuth', bytes: 1987 },
          { name: 'MSISAuth1', bytes: 1204 },
        ],
        document: { title: 'Dashboards', text: 'Dashboards' },
      }),
    ],
    token: token(route),
    stsMetadata: stsMetadata(),
    crmMetadata: crmMetadata(route),
    wsdl: { ok: true, url: `${crm}/XRMServices/2011/Organization.svc?wsdl=wsdl0`, authentication: 'Federation', identifier: entityId },
    whoAmI: {
      ok: true,
      url: `${crm}/api/data/v9.1/WhoAmI`,
      userId: '6f2a4f4e-8c7e-4b43-8d5e-0f6b7a2f9d10',
      organizationId: 'e369084a-a907-e411-954e-00155d009f27',
      businessUnitId: null,
      userName: 'probe@contoso.com',
      accountName: 'CONTOSO\\probe',
    },
    tls: all.map((host) => tlsFacts(host)),
    dns: all.map((host) => ({ host, addresses: [host.startsWith('sts') ? '10.0.0.5' : '10.0.0.10'], error: null, source: 'system' as const })),
    clocks: clocks(0, route),
    lastGood: lastGood(route),
    repairOnRecord: null,
    diagnosticToken: null,
    nodes: [],
    stsSamples: samplesOf(over.stsMetadata === undefined ? stsMetadata() : over.stsMetadata),
    userAgents: [],
    ownAddresses: [],
    serverEvents: [],
    screenshots: [],
    console: [],
    captureErrors: [],
    timings: { totalMs: 1830, dnsMs: 2, tlsMs: 31, stsMs: 400, tokenPostMs: 80, crmPageMs: 700 },
    ...over,
  };
}

/** A sign-in CRM refused after AD FS issued the token; by default with no text and unchanged facts. */
export const refused = (
  route: SampleRoute = 'ifd',
  over: Partial<RouteEvidence> = {},
  face: Parameters<typeof refusal>[1] = 'error-page',
  text: string | null = null,
): RouteEvidence =>
  sample(route, { journey: failed('token-post'), whoAmI: null, exchanges: refusal(route, face, text), pages: sample(route).pages.slice(0, -1), ...over });

/** After a rollover: the new certificate signs, the old one is still listed, the last good sign-in knew the old one. */
export const rolled = {
  stsMetadata: stsMetadata(newSigning, oldSigning),
  lastGood: lastGood('ifd', { stsPrimarySha1: oldSigning.sha1, stsKeys: [key(oldSigning, 'signing')] }),
};

export const sibling = (over: Partial<Sibling> = {}): Sibling => ({
  route: 'ifd',
  method: 'forms',
  signedIn: 'no',
  password: 'not-tried',
  sameAccount: true,
  passwordExpired: false,
  ...over,
});
