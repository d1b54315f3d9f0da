/** What is kept from one run to the next. No secrets. */
import { z } from 'zod';
import { metadataKeySchema } from './federation-facts';
import { instantSchema, methodSchema, routeSchema } from './words';

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
