/** Building blocks of the sample reports: a fictitious contoso, one night in November. Typed, so that a changed contract shows here first. */
import type { CertificateFacts, Exchange, PageVisit, TlsFacts, TokenFacts } from '../../contracts/evidence';
import type { ReportCertificate, Result } from '../../contracts/report';
import type { Route } from '../../contracts/words';

export const now = '2025-11-18T02:47:10Z';
export const startedAt = '2025-11-18T02:47:06Z';

export const oldSigning: CertificateFacts = {
  sha1: '8F31C40A2D9E77B05512E0A1F6B3C9D84E2A7706',
  sha256: 'A1'.repeat(32),
  subject: 'CN=ADFS Signing - sts.contoso.com',
  issuer: 'CN=ADFS Signing - sts.contoso.com',
  serial: '102887441032991120334455667788990011223',
  notBefore: '2024-12-01T22:14:08Z',
  notAfter: '2025-12-01T22:14:08Z',
  selfSigned: true,
};

export const newSigning: CertificateFacts = {
  ...oldSigning,
  sha1: '2BD7901E6C45A8F3397E10DC4B52A96F08C1E4D3',
  sha256: 'B2'.repeat(32),
  serial: '55443322110099887766554433221100998877',
  notBefore: '2025-11-11T22:20:31Z',
  notAfter: '2026-11-11T22:20:31Z',
};

/** Made two days ago, waits to be promoted. */
const pendingSigning: CertificateFacts = { ...newSigning, notBefore: '2025-11-16T22:20:31Z', notAfter: '2026-11-16T22:20:31Z' };

const wildcard: CertificateFacts = {
  sha1: '61A07F3B5D8C2E94F10B6A7788E3D2C1904F5A5B',
  sha256: 'C3'.repeat(32),
  subject: 'CN=*.contoso.com, O=Contoso Ltd, C=US',
  issuer: 'CN=Contoso Issuing CA 2, O=Contoso Ltd, C=US',
  serial: '71220093884411002',
  notBefore: '2025-03-04T00:00:00Z',
  notAfter: '2026-04-03T23:59:59Z',
  selfSigned: false,
};

export const certificates = (phase: 'steady' | 'window-open' | 'promoted'): ReportCertificate[] => [
  ...(phase === 'steady'
    ? []
    : [
        {
          ...(phase === 'promoted' ? newSigning : pendingSigning),
          role: 'sts-signing' as const,
          host: 'sts.contoso.com',
          primary: phase === 'promoted',
          seenIn: phase === 'promoted' ? (['metadata-signature', 'metadata'] as const).slice() : ['metadata' as const],
        },
      ]),
  {
    ...oldSigning,
    role: 'sts-signing',
    host: 'sts.contoso.com',
    primary: phase !== 'promoted',
    seenIn: phase === 'promoted' ? ['metadata', 'last-good'] : ['metadata-signature', 'metadata', 'last-good'],
  },
  { ...wildcard, role: 'crm-encryption', host: 'internalcrm.contoso.com', primary: null, seenIn: ['metadata', 'token'] },
  { ...wildcard, role: 'tls', host: 'sts.contoso.com', primary: null, seenIn: ['tls'] },
  { ...wildcard, role: 'tls', host: 'internalcrm.contoso.com', primary: null, seenIn: ['tls'] },
];

export const blank = (seq: number, step: Exchange['step'], method: string, url: string, status: number | null, at: number, took: number): Exchange => ({
  seq,
  step,
  method,
  url,
  status,
  failure: null,
  redirectedFrom: seq > 1 ? seq - 1 : null,
  location: null,
  server: url.includes('//sts.') ? 'Microsoft-HTTPAPI/2.0' : 'Microsoft-IIS/10.0',
  contentType: 'text/html; charset=utf-8',
  date: 'Tue, 18 Nov 2025 02:47:08 GMT',
  requestId: url.includes('//sts.') ? null : `4b8f1f0e-6a51-4c0f-9f7e-2f0d3c1a77${String(seq).padStart(2, '0')}`,
  challenges: [],
  authorization: null,
  wsfed: null,
  cookiesSet: [],
  cookiesSent: [],
  requestHeaderBytes: 1180,
  crmError: null,
  document: null,
  startedAtMs: at,
  durationMs: took,
});

export const cookie = (name: string, bytes: number, domain: string | null = null): Exchange['cookiesSet'][number] => ({
  name,
  bytes,
  domain,
  path: '/',
  flags: ['Secure', 'HttpOnly'],
  removes: false,
  blocked: [],
});

const crmHosts: Readonly<Record<Route, string>> = { internal: 'internalcrm.contoso.com', ifd: 'contoso.contoso.com' };

export const wsfed = (route: Route): NonNullable<Exchange['wsfed']> => ({
  wa: 'wsignin1.0',
  wtrealm: `https://${crmHosts[route]}/`,
  wctx:
    route === 'internal'
      ? 'rm=1&id=50dc8871-66cf-4d0b-b70c-65c50975ae6f&ru=%2fContoso%2fdefault.aspx&crmorgid=e369084a-a907-e411-954e-00155d009f27'
      : 'rm=1&id=9d1be0b6-10a4-4a9f-8f41-0d6f1f9f2b11&ru=https%3a%2f%2fcontoso.contoso.com%2fmain.aspx&crmorgid=e369084a-a907-e411-954e-00155d009f27',
  wct: '2025-11-18T02:47:07Z',
  wauth: route === 'internal' ? 'urn:federation:authentication:windows' : 'urn:oasis:names:tc:SAML:1.0:am:password',
});

const tokenOf = (route: Route): TokenFacts => ({
  type: 'urn:oasis:names:tc:SAML:1.0:assertion',
  encrypted: true,
  encryptedFor: { issuer: wildcard.issuer, serial: wildcard.serial },
  dataAlgorithm: 'aes256-cbc',
  keyAlgorithm: 'rsa-oaep-mgf1p',
  lifetime: { created: '2025-11-18T02:47:08Z', expires: '2025-11-18T10:47:08Z' },
  appliesTo: `https://${crmHosts[route]}/`,
  issuer: null,
  audience: null,
  notBefore: null,
  notOnOrAfter: null,
  authenticationMethod: null,
  claims: [],
  signer: null,
  signature: 'encrypted',
  bytes: 6218,
  postedTo: route === 'internal' ? 'https://internalcrm.contoso.com/' : 'https://auth.contoso.com/',
  unreadable: null,
  decryption: null,
});

const tls = (host: string): TlsFacts => ({
  host,
  port: 443,
  address: '10.20.0.14',
  trusted: true,
  error: null,
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  chain: [wildcard],
  names: ['*.contoso.com'],
  incomplete: false,
});

export const page = (n: number, kind: PageVisit['kind'], title: string, url: string, exchange: number, action: string): PageVisit => ({
  n,
  kind,
  recognisedBy: kind === 'unknown' ? null : kind.replace('sts-', 'adfs-'),
  url,
  title,
  status: 200,
  exchange,
  texts: {},
  codes: [],
  fields: [],
  formAction: null,
  action,
  screenshot: null,
  atMs: n * 400,
});

/** A result with everything in it but the story. */
export const baseResult = (route: Route): Result => ({
  target: 'contoso',
  route,
  method: route === 'internal' ? 'windows' : 'forms',
  verdict: 'healthy',
  signedIn: 'yes',
  signedInAs: 'probe@contoso.com',
  symptom: 'none',
  failedAt: null,
  parked: null,
  nextQuestion: null,
  summary: 'healthy: signed in as probe@contoso.com',
  why: 'CRM’s page opened, and WhoAmI named the user.',
  causes: [],
  ruledOut: [],
  notJudged: [],
  forecast: {
    state: 'steady',
    breaksAt: '2026-11-16T22:14:08Z',
    toleranceHours: 12,
    why: 'One signing certificate; AD FS makes the next one 20 days before it ends and puts it to use 5 days later.',
  },
  expiries: [],
  exchange: [],
  token: tokenOf(route),
  certificates: certificates('steady'),
  clocks: [
    { host: 'sts.contoso.com', role: 'sts', offsetMs: 310, uncertaintyMs: 500, source: 'Date' },
    { host: crmHosts[route], role: 'crm', offsetMs: -120, uncertaintyMs: 500, source: 'Date' },
  ],
  timings: { totalMs: route === 'internal' ? 1830 : 2410, dnsMs: 4, tlsMs: 62, stsMs: 520, tokenPostMs: 140, crmPageMs: 870 },
  attempts: [{ n: 1, verdict: 'healthy', startedAt }],
  settings: {
    url: route === 'internal' ? 'https://internalcrm.contoso.com/Contoso/main.aspx' : 'https://contoso.contoso.com/main.aspx',
    stsOrigin: 'https://sts.contoso.com',
    account: 'CONTOSO\\probe',
    windowsCurrent: false,
    expect: { user: 'probe@contoso.com', organization: null },
    api: true,
    rollover: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
    warnDays: 30,
  },
  pages: [],
  tls: [tls('sts.contoso.com'), tls(crmHosts[route])],
  dns: [
    { host: 'sts.contoso.com', addresses: ['10.20.0.14'], error: null, source: 'system' },
    { host: crmHosts[route], addresses: ['10.20.0.21', '10.20.0.22'], error: null, source: 'system' },
  ],
  lastGood: {
    schema: 1,
    target: 'contoso',
    route,
    savedAt: '2025-11-16T21:55:02Z',
    runId: '20251116-215458-5d1e',
    method: route === 'internal' ? 'windows' : 'forms',
    stsPrimarySha1: oldSigning.sha1,
    stsKeys: [{ certificate: oldSigning, use: 'signing' }],
    stsEntityId: 'http://sts.contoso.com/adfs/services/trust',
    crmKeys: [{ certificate: wildcard, use: 'encryption' }],
    crmScopes: [`https://${crmHosts[route]}/`],
    wsdlIdentifier: 'http://sts.contoso.com/adfs/services/trust',
    wtrealm: `https://${crmHosts[route]}/`,
    tokenEncryptedFor: { issuer: wildcard.issuer, serial: wildcard.serial },
    tokenPostedTo: tokenOf(route).postedTo,
    tokenSignerSha1: null,
    tls: [{ host: 'sts.contoso.com', sha1: wildcard.sha1 }],
    dns: [{ host: 'sts.contoso.com', addresses: ['10.20.0.14'] }],
    shape: ['GET internalcrm.contoso.com/Contoso/main.aspx', 'GET sts.contoso.com/adfs/ls/'],
    totalMs: 1790,
  },
  screenshots: [],
  console: [],
  serverEvents: [],
  events: [],
  captureErrors: [],
});
