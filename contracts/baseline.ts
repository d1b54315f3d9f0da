/** Baseline: the comparable state of one or more runs, kept under a name. No secrets, no token, no cookie value; safe to commit to a change ticket. */
import { z } from 'zod';
import { certificateFactsSchema, clockSchema } from './evidence';
import { findingSchema } from './report';
import { instantSchema, methodSchema, routeSchema, signatureStatusSchema, stageSchema, verdictSchema } from './words';

/** Why a part is not there; null in its place means that nobody looked (a HAR, a bare report). */
const notReadSchema = z.object({ ok: z.literal(false), why: z.string() });

/** One step of the sign-in, with everything that differs from one healthy sign-in to the next replaced by its kind: {guid}, {time}, {random} … */
const shapeStepSchema = z.object({
  step: z.string(),
  method: z.string(),
  /** Host and path. */
  address: z.string(),
  status: z.number().int().nullable(),
  /** Host and path of the redirect. */
  leadsTo: z.string().nullable(),
  /** WS-Federation parameters by name. */
  wsfed: z.record(z.string(), z.string()),
  /** How the browser answered a Windows challenge: NTLM, Negotiate-Kerberos … */
  authorization: z.string().nullable(),
});

const shapeCookieSchema = z.object({
  host: z.string(),
  name: z.string(),
  domain: z.string().nullable(),
  path: z.string().nullable(),
  flags: z.array(z.string()),
  /** Why the browser refused it; empty = accepted. */
  blocked: z.array(z.string()),
});

const stateCertificateSchema = certificateFactsSchema.extend({
  role: z.enum(['sts-signing', 'sts-encryption', 'crm-encryption', 'tls']),
  host: z.string(),
  /** For sts-signing: in use now; null where it could not be told or means nothing. */
  primary: z.boolean().nullable(),
});

const metadataStateSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    address: z.string(),
    entityId: z.string(),
    signature: signatureStatusSchema,
    passiveEndpoints: z.array(z.string()),
    scopes: z.array(z.string()),
  }),
  notReadSchema,
]);

/** Milliseconds of each sign-in, in the order of the runs. */
const timingSamplesSchema = z.object({
  totalMs: z.array(z.number()),
  stsMs: z.array(z.number()),
  tokenPostMs: z.array(z.number()),
  crmPageMs: z.array(z.number()),
});

/** What can be compared of one target over one route. */
const routeStateSchema = z.object({
  target: z.string(),
  route: routeSchema,
  verdict: verdictSchema,
  signedIn: z.enum(['yes', 'no', 'unknown']),
  summary: z.string(),
  failedAt: stageSchema.nullable(),
  causes: z.array(findingSchema),
  forecast: z.string(),
  method: methodSchema.nullable(),
  account: z.string(),
  user: z.object({ name: z.string().nullable(), userId: z.string().nullable(), organizationId: z.string().nullable() }).nullable(),
  exchange: z.array(shapeStepSchema),
  /** Pages that asked for something: what recognised them, and their fields (names and types). */
  forms: z.array(z.object({ page: z.string(), recognisedBy: z.string().nullable(), action: z.string().nullable(), fields: z.array(z.string()) })),
  cookies: z.array(shapeCookieSchema),
  token: z
    .object({
      type: z.string().nullable(),
      encrypted: z.boolean(),
      encryptedFor: z.object({ issuer: z.string(), serial: z.string() }).nullable(),
      dataAlgorithm: z.string().nullable(),
      keyAlgorithm: z.string().nullable(),
      lifetimeMinutes: z.number().nullable(),
      appliesTo: z.string().nullable(),
      postedTo: z.string(),
      issuer: z.string().nullable(),
      audience: z.string().nullable(),
      authenticationMethod: z.string().nullable(),
      claims: z.array(z.string()),
      signature: signatureStatusSchema,
    })
    .nullable(),
  certificates: z.array(stateCertificateSchema),
  stsMetadata: metadataStateSchema.nullable(),
  crmMetadata: metadataStateSchema.nullable(),
  wsdl: z
    .discriminatedUnion('ok', [z.object({ ok: z.literal(true), authentication: z.string().nullable(), identifier: z.string().nullable() }), notReadSchema])
    .nullable(),
  tls: z.array(
    z.object({
      host: z.string(),
      port: z.number().int(),
      trusted: z.boolean(),
      error: z.string().nullable(),
      protocol: z.string().nullable(),
      /** Subjects as sent, leaf first. */
      chain: z.array(z.string()),
      names: z.array(z.string()),
      incomplete: z.boolean(),
    }),
  ),
  dns: z.array(z.object({ host: z.string(), addresses: z.array(z.string()), error: z.string().nullable() })),
  versions: z.object({ adfs: z.string().nullable(), stsServer: z.string().nullable(), crm: z.string().nullable(), crmServer: z.string().nullable() }),
  clocks: z.array(clockSchema),
  timings: timingSamplesSchema,
  /** What differed between this side's own healthy sign-ins (ids of aspects): it is not compared. */
  varies: z.array(z.string()),
});
export type RouteState = z.infer<typeof routeStateSchema>;

export const baselineSchema = z.object({
  kind: z.literal('signin-probe baseline'),
  schema: z.literal(1),
  /** null = made of a run for one comparison. */
  name: z.string().nullable(),
  savedAt: instantSchema,
  tool: z.string(),
  browser: z.string(),
  label: z.string().nullable(),
  runs: z.array(z.object({ id: z.string(), startedAt: instantSchema })),
  states: z.array(routeStateSchema),
});
export type Baseline = z.infer<typeof baselineSchema>;
