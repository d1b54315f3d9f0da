/** What is kept from one run to the next. No secrets. */
import { z } from 'zod';
import { metadataKeySchema } from './federation-facts';
import { certaintySchema, instantSchema, methodSchema, routeSchema, stageSchema, symptomSchema, verdictSchema } from './words';

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

/** An account that is not submitted, since its last submission was refused or its answer is not known. No secrets. */
export const parkedSchema = z.object({
  /** `refused`: the STS refused this password. `unclear`: it was submitted, and nobody knows whether it was accepted. */
  state: z.enum(['refused', 'unclear']),
  since: instantSchema,
  /** By which run, signing in to which target over which route. */
  runId: z.string(),
  target: z.string(),
  route: routeSchema,
  /** What the STS did, e.g. 'the sign-in form came again'. */
  how: z.string(),
  /** When it is tried again by itself; null = once a person releases it, or with another password. */
  until: instantSchema.nullable(),
  /** What the diagnosis of that run said; null where it ended before. */
  found: z
    .object({
      verdict: verdictSchema,
      symptom: symptomSchema,
      failedAt: stageSchema.nullable(),
      why: z.string(),
      /** The causes it named, the first first. */
      causes: z.array(z.object({ id: z.string(), certainty: certaintySchema })),
    })
    .nullable(),
});
export type Parked = z.infer<typeof parkedSchema>;
