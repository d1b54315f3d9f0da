/**
 * Evidence: everything a run saw, and nothing it thought. Written by probes (already redacted), read by diagnosis.
 * Plain JSON; `diagnose` can start from a file of this shape.
 */
import { z } from 'zod';
import { exchangeSchema, pageVisitSchema } from './exchanges';
import { metadataSchema, tokenFactsSchema, whoAmISchema, wsdlSchema } from './federation-facts';
import { lastGoodSchema, parkedSchema, repairOnRecordSchema } from './kept-state';
import { clockSchema, dnsFactsSchema, nodeFactsSchema, serverEventSchema, tlsFactsSchema, userAgentAnswerSchema } from './surroundings';
import { instantSchema, methodSchema, routeSchema, stageSchema, symptomSchema } from './words';

export * from './exchanges';
export * from './federation-facts';
export * from './kept-state';
export * from './surroundings';

/**
 * So often the STS's metadata is read again after a refused token. With two nodes behind one address that take turns at random, all of them meet the same
 * one in 3 of 100 runs.
 */
export const signerSamplesAfter = 5;

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

const journeySchema = z.object({
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
  /**
   * Why the credentials were not given although the STS asked (refused on another route of this run, not the configured STS …);
   * null = they were, or nobody asked.
   */
  withheld: z.string().nullable().default(null),
  /** The account is parked, so its password was not submitted; null = it is not. */
  parked: parkedSchema.nullable().default(null),
  signedInAs: z.string().nullable(),
});

/** The durations of one sign-in, in milliseconds; null = that stage was not reached. */
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
  /**
   * The token of the diagnostic relying-party trust, taken inside the browser: it says in clear which certificate signs now.
   * null = no such trust configured, or none issued.
   */
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
  /** The STS's metadata read again and again, each time on a connection of its own, when a token was refused; null = it was not. */
  stsSamples: z
    .array(
      z.object({
        phase: z.enum(['before', 'after']),
        at: instantSchema,
        /** Null where the document could not be read or its signature does not hold. */
        signerSha1: z.string().nullable(),
        /** The signing certificates it lists. */
        keys: z.array(z.string()),
        entityId: z.string().nullable(),
      }),
    )
    .nullable()
    .default(null),
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
