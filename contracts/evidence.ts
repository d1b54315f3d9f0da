/**
 * Evidence: everything a run saw, and nothing it thought. Written by probes (already redacted), read by diagnosis.
 * Plain JSON; `diagnose` can start from a file of this shape.
 */
import { z } from 'zod';
import { instantSchema, methodSchema, routeSchema, signatureStatusSchema, stageSchema, symptomSchema } from './words';

/** One X.509 certificate, as public facts only. Thumbprints are upper-case hex without separators, as Windows shows them. */
export const certificateFactsSchema = z.object({
  sha1: z.string(),
  sha256: z.string(),
  subject: z.string(),
  issuer: z.string(),
  /** Serial number in decimal, as X509SerialNumber of XML-DSig writes it. */
  serial: z.string(),
  notBefore: instantSchema,
  notAfter: instantSchema,
  selfSigned: z.boolean(),
});
export type CertificateFacts = z.infer<typeof certificateFactsSchema>;

/** WS-Federation parameters of a request's query or form body; tokens are never kept, `wresultBytes` is their size. */
export const wsfedParametersSchema = z.object({
  wa: z.string().optional(),
  wtrealm: z.string().optional(),
  wctx: z.string().optional(),
  wct: z.string().optional(),
  wauth: z.string().optional(),
  whr: z.string().optional(),
  wreply: z.string().optional(),
  wfresh: z.string().optional(),
  wresultBytes: z.number().int().optional(),
});
export type WsfedParameters = z.infer<typeof wsfedParametersSchema>;

/** A cookie a response set: name, size and flags, never its value. */
export const cookieSetSchema = z.object({
  name: z.string(),
  bytes: z.number().int(),
  /** The Domain attribute as sent, or null for a host-only cookie. */
  domain: z.string().nullable(),
  path: z.string().nullable(),
  flags: z.array(z.string()), // Secure, HttpOnly, SameSite=None, Partitioned …
  /** True when the response removes the cookie (empty value or expiry in the past). */
  removes: z.boolean().default(false),
  /** Why the browser refused it (CDP blockedReasons: InvalidDomain, SecureOnly, SameSiteNoneInsecure …); empty = accepted. */
  blocked: z.array(z.string()).default([]),
});

/** Error facts CRM puts in its error page's address: /_common/error/errorhandler.aspx?ErrorCode=…&Parm0=…. */
export const crmErrorSchema = z.object({ errorCode: z.string().nullable(), text: z.string().nullable(), requestUri: z.string().nullable() });

/** One request with its answer, of the page itself (not images, scripts or styles). */
export const exchangeSchema = z.object({
  seq: z.number().int().positive(),
  /** Which part of the flow it belongs to. */
  step: z.union([stageSchema, z.literal('sign-out'), z.literal('other')]),
  method: z.string(),
  /** Without secrets: tokens, codes and personal values in the query are masked. */
  url: z.string(),
  /** null = no answer. */
  status: z.number().int().nullable(),
  /** The browser's network error (net::ERR_…), when there was no answer. */
  failure: z.string().nullable(),
  /** seq of the exchange whose redirect led here. */
  redirectedFrom: z.number().int().nullable(),
  location: z.string().nullable(),
  server: z.string().nullable(),
  contentType: z.string().nullable(),
  /** The Date header, as sent. */
  date: z.string().nullable(),
  /** REQ_ID or similar correlation header, for the server's logs. */
  requestId: z.string().nullable(),
  /** Schemes of WWW-Authenticate (Negotiate, NTLM, Basic, Bearer …), in order. */
  challenges: z.array(z.string()),
  /** What the browser answered a challenge with, never the credential itself: 'Negotiate-Kerberos', 'Negotiate-NTLM', 'NTLM', 'Basic' … */
  authorization: z.string().nullable(),
  wsfed: wsfedParametersSchema.nullable(),
  cookiesSet: z.array(cookieSetSchema),
  cookiesSent: z.array(z.object({ name: z.string(), bytes: z.number().int() })),
  requestHeaderBytes: z.number().int().nullable(),
  crmError: crmErrorSchema.nullable(),
  /** Title and visible text (redacted, at most 2,000 characters) of a document; null for redirects and when not read. */
  document: z.object({ title: z.string(), text: z.string() }).nullable(),
  startedAtMs: z.number(),
  durationMs: z.number().nullable(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

/** What kind of page the journey recognised. `unknown` ends the journey, precisely described. */
export const pageKindSchema = z.enum([
  'sts-forms', // AD FS forms page or any sign-in form with one password field
  'sts-windows-challenge', // 401 with Negotiate/NTLM
  'sts-home-realm',
  'sts-mfa',
  'sts-update-password',
  'sts-error',
  'sts-working', // the auto-POST page
  'crm-shell',
  'crm-error',
  'crm-challenge', // 401 with WWW-Authenticate from CRM
  'http-error', // any other main-frame status ≥ 400
  'no-answer', // network error
  'unknown',
]);
export type PageKind = z.infer<typeof pageKindSchema>;

/** One page the journey met, and what it did there. */
export const pageVisitSchema = z.object({
  n: z.number().int().positive(),
  kind: pageKindSchema,
  /** Which recogniser knew it, e.g. 'adfs-forms', 'generic-form'; for the reader who wants to change it. */
  recognisedBy: z.string().nullable(),
  url: z.string(),
  title: z.string(),
  status: z.number().int().nullable(),
  /** seq of the exchange that brought the document. */
  exchange: z.number().int().nullable(),
  /** Error line, Activity ID and the like, by name: errorText, activityId, relyingParty, errorTime, cookieLine, nodeName, reference, message. */
  texts: z.record(z.string(), z.string()),
  /** Codes found in text or address (ID4175, MSIS7007, 0x80040203 …). */
  codes: z.array(z.string()),
  /** Visible form fields, for an unknown page and for change detection: never values. */
  fields: z.array(z.object({ name: z.string(), id: z.string(), type: z.string() })),
  formAction: z.string().nullable(),
  /** What the journey did, e.g. 'typed the credentials', 'none'. */
  action: z.string(),
  screenshot: z.string().nullable(),
  atMs: z.number(),
});
export type PageVisit = z.infer<typeof pageVisitSchema>;

/** What is readable of the last token that left the browser. */
export const tokenFactsSchema = z.object({
  /** Token type URI, e.g. urn:oasis:names:tc:SAML:1.0:assertion. */
  type: z.string().nullable(),
  encrypted: z.boolean(),
  encryptedFor: z.object({ issuer: z.string(), serial: z.string() }).nullable(),
  dataAlgorithm: z.string().nullable(),
  keyAlgorithm: z.string().nullable(),
  lifetime: z.object({ created: instantSchema, expires: instantSchema }).nullable(),
  appliesTo: z.string().nullable(),
  /** The rest is readable only in clear tokens. */
  issuer: z.string().nullable(),
  audience: z.string().nullable(),
  notBefore: instantSchema.nullable(),
  notOnOrAfter: instantSchema.nullable(),
  authenticationMethod: z.string().nullable(),
  /** Names only. */
  claims: z.array(z.string()),
  signer: z.object({ sha1: z.string(), subject: z.string() }).nullable(),
  signature: signatureStatusSchema,
  /** With a key of the operator's: `opened`, or why it stayed closed; null = no key was given, or none needed. */
  decryption: z.string().nullable().default(null),
  bytes: z.number().int(),
  /** Where the STS's form sent it. */
  postedTo: z.string(),
  /** Set when the message could not be read: why. */
  unreadable: z.string().nullable(),
});
export type TokenFacts = z.infer<typeof tokenFactsSchema>;

/** A published key of a federation metadata document; the same certificate in several roles is listed once. */
export const metadataKeySchema = z.object({
  certificate: certificateFactsSchema,
  use: z.enum(['signing', 'encryption', 'both']),
});

const metadataReadSchema = z.object({
  ok: z.literal(true),
  url: z.string(),
  entityId: z.string(),
  /** The document's own signature. The certificate that signs AD FS's metadata is its current primary (inferred, field guide §5.1). */
  signature: z.object({ status: signatureStatusSchema, signerSha1: z.string().nullable() }),
  keys: z.array(metadataKeySchema),
  /** PassiveRequestorEndpoint addresses. */
  passiveEndpoints: z.array(z.string()),
  /** TargetScopes addresses: the realms a relying party answers for. */
  scopes: z.array(z.string()),
  bytes: z.number().int(),
});
const captureFailedSchema = z.object({
  ok: z.literal(false),
  url: z.string(),
  status: z.number().int().nullable(),
  /** Why there is nothing, in one sentence. */
  why: z.string(),
});
export const metadataSchema = z.discriminatedUnion('ok', [metadataReadSchema, captureFailedSchema]);
export type Metadata = z.infer<typeof metadataSchema>;

/** CRM's anonymous Organization.svc?wsdl=wsdl0: the STS it trusts, by name. */
export const wsdlSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), url: z.string(), authentication: z.string().nullable(), identifier: z.string().nullable() }),
  captureFailedSchema,
]);

/** TLS of one host at one address, verified in Node with the configured CA. */
export const tlsFactsSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  address: z.string().nullable(),
  /** True when the chain verified and the name fits. */
  trusted: z.boolean(),
  /** OpenSSL/Node code: CERT_HAS_EXPIRED, UNABLE_TO_VERIFY_LEAF_SIGNATURE, SELF_SIGNED_CERT_IN_CHAIN, ERR_TLS_CERT_ALTNAME_INVALID, ECONNREFUSED … */
  error: z.string().nullable(),
  protocol: z.string().nullable(),
  cipher: z.string().nullable(),
  /** As the server sent it, leaf first; empty when there was no handshake. */
  chain: z.array(certificateFactsSchema),
  /** DNS names the leaf covers. */
  names: z.array(z.string()),
  /** The server did not send an intermediate that is needed. */
  incomplete: z.boolean(),
});
export type TlsFacts = z.infer<typeof tlsFactsSchema>;

export const dnsFactsSchema = z.object({
  host: z.string(),
  addresses: z.array(z.string()),
  /** ENOTFOUND, ENODATA, ETIMEOUT …; null = resolved. */
  error: z.string().nullable(),
  /** Where the answer is from: the system's resolver, the `resolve:` entry, or the `dns:` server of the config. */
  source: z.enum(['system', 'resolve', 'dns']),
});
export type DnsFacts = z.infer<typeof dnsFactsSchema>;

export const clockSchema = z.object({
  host: z.string(),
  role: z.enum(['sts', 'crm']),
  /** Server clock minus the probe's clock, milliseconds. */
  offsetMs: z.number(),
  /** How far the reading can be off (Date and wct have whole seconds), milliseconds. */
  uncertaintyMs: z.number(),
  source: z.enum(['Date', 'wct', 'wsu:Created']),
});

/** One node of a farm, asked under the farm's real name at its own address. */
export const nodeFactsSchema = z.object({
  role: z.enum(['sts', 'crm']),
  host: z.string(),
  address: z.string(),
  /** Status of the metadata request; null = no answer. */
  status: z.number().int().nullable(),
  /** Why there was no readable metadata; null = it was read. */
  why: z.string().nullable(),
  entityId: z.string().nullable(),
  /** Signer of the node's metadata: its primary certificate. */
  signerSha1: z.string().nullable(),
  /** Signing (sts) or encryption (crm) keys the node publishes. */
  keys: z.array(z.string()),
  tlsSha1: z.string().nullable(),
  /** The node's Date header, as sent. */
  date: z.string().nullable(),
  durationMs: z.number().nullable(),
});
export type NodeFacts = z.infer<typeof nodeFactsSchema>;

/** The STS's first answer to the same request from another browser: `edge` = a User-Agent of the default WIA list (field guide §8). */
export const userAgentAnswerSchema = z.object({
  browser: z.enum(['probe', 'edge']),
  status: z.number().int().nullable(),
  challenges: z.array(z.string()),
  showsForm: z.boolean(),
});

/** One event of a server's exported event log that belongs to this sign-in (`diagnose --event-log`), redacted. */
export const serverEventSchema = z.object({
  n: z.number().int().positive(),
  /** By the server's own clock. */
  at: instantSchema,
  /** Provider, e.g. 'AD FS' or 'ASP.NET 4.0.30319.0'. */
  source: z.string(),
  /** Channel, e.g. 'AD FS/Admin'; null when the export does not say. */
  log: z.string().nullable(),
  computer: z.string().nullable(),
  id: z.number().int(),
  level: z.enum(['error', 'warning', 'information', 'unknown']),
  activityId: z.string().nullable(),
  /** Whose server wrote it. */
  side: z.enum(['sts', 'relying-party']),
  /** ID4175, MSIS7042, 0x80040203 … */
  codes: z.array(z.string()),
  text: z.string(),
  /** By what it was matched to the run: the Activity ID the browser was shown, or the time of the exchange it belongs to. */
  matchedBy: z.enum(['activity-id', 'time']),
  /** seq of that exchange. */
  exchange: z.number().int().nullable(),
});
export type ServerEvent = z.infer<typeof serverEventSchema>;

/** Proof of a real sign-in by CRM's API. */
export const whoAmISchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    url: z.string(),
    userId: z.string(),
    organizationId: z.string().nullable(),
    businessUnitId: z.string().nullable(),
    userName: z.string().nullable(),
  }),
  captureFailedSchema,
]);

/** What is kept of the last good sign-in, per target and route, for the next run to compare with. No secrets. */
export const lastGoodSchema = z.object({
  schema: z.literal(1),
  target: z.string(),
  route: routeSchema,
  savedAt: instantSchema,
  runId: z.string(),
  method: methodSchema.nullable(),
  /** The AD FS metadata's signer: the primary token-signing certificate then. */
  stsPrimarySha1: z.string().nullable(),
  stsKeys: z.array(metadataKeySchema),
  stsEntityId: z.string().nullable(),
  crmKeys: z.array(metadataKeySchema),
  crmScopes: z.array(z.string()),
  wsdlIdentifier: z.string().nullable(),
  wtrealm: z.string().nullable(),
  tokenEncryptedFor: z.object({ issuer: z.string(), serial: z.string() }).nullable(),
  tokenPostedTo: z.string().nullable(),
  tokenSignerSha1: z.string().nullable(),
  tls: z.array(z.object({ host: z.string(), sha1: z.string() })),
  dns: z.array(z.object({ host: z.string(), addresses: z.array(z.string()) })),
  /** method, host and path of each exchange, in order. */
  shape: z.array(z.string()),
  totalMs: z.number(),
});
export type LastGood = z.infer<typeof lastGoodSchema>;

/** The last whole repair of KB 2686840 that the operator said was done (`signin-probe after-rollover`); it is a person's word, not something seen. */
export const repairOnRecordSchema = z.object({
  schema: z.literal(1),
  target: z.string(),
  finishedAt: instantSchema,
  /** The AD FS metadata's signer at the end of the repair: a later rollover makes the record worthless. */
  stsPrimarySha1: z.string().nullable(),
  /** False when only the short way was gone (trusts, iisreset, AD FS), which leaves CRM's stored certificate as it was. */
  claimsReconfigured: z.boolean(),
});
export type RepairOnRecord = z.infer<typeof repairOnRecordSchema>;

/** What of the configuration a reader of the evidence needs; no secret references. */
export const settingsSchema = z.object({
  /** The CRM address the journey starts at. */
  url: z.string(),
  /** The only origin that may be given the password. */
  stsOrigin: z.string(),
  /** The account as configured, or 'current Windows account'. */
  account: z.string(),
  windowsCurrent: z.boolean(),
  expect: z.object({ user: z.string().nullable(), organization: z.string().nullable() }),
  /** WhoAmI is part of the proof. */
  api: z.boolean(),
  rollover: z.object({ generationDays: z.number(), promotionDays: z.number(), criticalDays: z.number(), automatic: z.boolean().optional() }),
  warnDays: z.number(),
});

export const journeySchema = z.object({
  signedIn: z.enum(['yes', 'no', 'unknown']),
  symptom: symptomSchema,
  failedAt: stageSchema.nullable(),
  /** One sentence: how the journey ended. */
  why: z.string(),
  /** CRM → STS redirects seen. */
  rounds: z.number().int(),
  tokenPosts: z.number().int(),
  credentialSubmissions: z.number().int(),
  /** How often Windows credentials were asked for (first challenge included), null when the browser does not tell. */
  windowsPrompts: z.number().int().nullable(),
  /** Why the credentials were not given although the STS asked (refused on another route of this run, not the configured STS …); null = they were, or nobody asked. */
  withheld: z.string().nullable().default(null),
  signedInAs: z.string().nullable(),
});

export const timingsSchema = z.object({
  totalMs: z.number(),
  dnsMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  stsMs: z.number().nullable(),
  tokenPostMs: z.number().nullable(),
  crmPageMs: z.number().nullable(),
});

/** All that was seen of one target over one route. */
export const routeEvidenceSchema = z.object({
  target: z.string(),
  route: routeSchema,
  settings: settingsSchema,
  startedAt: instantSchema,
  finishedAt: instantSchema,
  method: methodSchema.nullable(),
  journey: journeySchema,
  pages: z.array(pageVisitSchema),
  exchanges: z.array(exchangeSchema),
  token: tokenFactsSchema.nullable(),
  /** The token of the diagnostic relying-party trust, taken inside the browser: it says in clear which certificate signs now. null = no such trust configured, or none issued. */
  diagnosticToken: tokenFactsSchema.nullable().default(null),
  /** null = not captured in this run (e.g. read from a HAR). */
  stsMetadata: metadataSchema.nullable(),
  crmMetadata: metadataSchema.nullable(),
  wsdl: wsdlSchema.nullable(),
  whoAmI: whoAmISchema.nullable(),
  tls: z.array(tlsFactsSchema),
  dns: z.array(dnsFactsSchema),
  clocks: z.array(clockSchema),
  lastGood: lastGoodSchema.nullable(),
  repairOnRecord: repairOnRecordSchema.nullable().default(null),
  /** Farm nodes looked at one by one; empty when there is one node, or nobody asked. */
  nodes: z.array(nodeFactsSchema).default([]),
  /** How the STS answers other browsers; empty when not asked. */
  userAgents: z.array(userAgentAnswerSchema).default([]),
  /** Addresses of the machine the probe runs on: a server that probes itself meets the loopback check. */
  ownAddresses: z.array(z.string()).default([]),
  /** Events of an exported Windows event log that belong to this sign-in; empty when none was given. */
  serverEvents: z.array(serverEventSchema).default([]),
  screenshots: z.array(z.object({ file: z.string(), caption: z.string(), atMs: z.number() })),
  console: z.array(z.object({ level: z.string(), text: z.string(), atMs: z.number() })),
  /** Captures that failed, by name, with the reason; the run went on. */
  captureErrors: z.array(z.object({ capture: z.string(), why: z.string() })),
  timings: timingsSchema,
});
export type RouteEvidence = z.infer<typeof routeEvidenceSchema>;

export const runSchema = z.object({
  id: z.string(),
  startedAt: instantSchema,
  finishedAt: instantSchema,
  label: z.string().nullable(),
  location: z.string().nullable(),
  tool: z.string(),
  browser: z.string(),
});
export type Run = z.infer<typeof runSchema>;

export const evidenceSchema = z.object({ schema: z.literal(1), run: runSchema, results: z.array(routeEvidenceSchema) });
export type Evidence = z.infer<typeof evidenceSchema>;
