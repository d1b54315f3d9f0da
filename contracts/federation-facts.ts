/** What documents and tokens say: certificates, the token, metadata of both sides, CRM's WSDL and WhoAmI. */
import { z } from 'zod';
import { instantSchema, signatureStatusSchema } from './words';

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
  /** Certificates that cannot be read, each with the reason. */
  unreadable: z.array(z.object({ use: z.enum(['signing', 'encryption', 'both']), why: z.string() })).default([]),
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

/** Proof of a real sign-in by CRM's API. */
export const whoAmISchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    url: z.string(),
    userId: z.string(),
    organizationId: z.string().nullable(),
    businessUnitId: z.string().nullable(),
    userName: z.string().nullable(),
    /** The account in the directory, as CRM knows it (`CONTOSO\\probe`). */
    accountName: z.string().nullable().default(null),
  }),
  captureFailedSchema,
]);
