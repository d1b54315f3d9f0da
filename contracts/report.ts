/** The report: verdicts with their proof, ready to render. `report.json` of the contract; keys may be added within schema 1, never renamed. */
import { z } from 'zod';
import {
  certificateFactsSchema,
  clockSchema,
  exchangeSchema,
  pageVisitSchema,
  runSchema,
  settingsSchema,
  timingsSchema,
  tokenFactsSchema,
  tlsFactsSchema,
  dnsFactsSchema,
  lastGoodSchema,
  parkedSchema,
  serverEventSchema,
  inferredZoneSchema,
} from './evidence';
import { certaintySchema, instantSchema, methodSchema, routeSchema, stageSchema, symptomSchema, verdictSchema } from './words';

/**
 * A sentence with the values seen, and where they are: `exchange:7`, `certificate:<sha1>`, `page:3`, `clock:<host>`, `tls:<host>`, `dns:<host>`,
 * `metadata:sts`, `metadata:crm`, `wsdl`, `token`, `last-good`, `repair-on-record`, `whoami`, `server-event:2`.
 */
export const claimSchema = z.object({ text: z.string(), refs: z.array(z.string()) });
export type Claim = z.infer<typeof claimSchema>;

export const remedyStepSchema = z.object({ text: z.string(), command: z.string().optional() });
export type RemedyStep = z.infer<typeof remedyStepSchema>;

/** A cause that was found, with proof, what would disprove it, and the way out. */
export const findingSchema = z.object({
  id: z.string(),
  title: z.string(),
  kb: z.string().nullable(),
  certainty: certaintySchema,
  because: z.array(claimSchema),
  against: z.array(claimSchema),
  remedy: z.array(remedyStepSchema),
  /** How to see that the remedy worked. */
  checkAfterwards: z.array(remedyStepSchema).default([]),
});
export type Finding = z.infer<typeof findingSchema>;

export const forecastSchema = z.object({
  state: z.enum(['steady', 'window-open', 'promoted', 'urgent', 'unknown']),
  breaksAt: instantSchema.nullable(),
  /** The break is not expected before `breaksAt`, and not later than so many hours after it. */
  toleranceHours: z.number(),
  /** What happens at `breaksAt`: AD FS promotes another signing certificate, or the one in use ends. Absent without a date. */
  event: z.enum(['promotion', 'end']).optional(),
  /** All of it rests on metadata without a signature, whose only certificate is taken for the one in use. Absent where it does not. */
  unsigned: z.literal(true).optional(),
  why: z.string(),
});
export type Forecast = z.infer<typeof forecastSchema>;

/** A certificate, besides the signing ones, that will end. */
export const expirySchema = z.object({
  what: z.enum(['tls', 'tls-chain', 'crm-encryption', 'sts-encryption']),
  host: z.string(),
  notAfter: instantSchema,
  /** Whole days; below zero when it has ended. */
  daysLeft: z.number().int(),
  /** False where AD FS renews the certificate by itself and CRM does not depend on it. */
  breaksSignIn: z.boolean(),
  /** One sentence: what ends when, and what that does. */
  text: z.string(),
  refs: z.array(z.string()),
});
export type Expiry = z.infer<typeof expirySchema>;

export const reportCertificateSchema = certificateFactsSchema.extend({
  role: z.enum(['sts-signing', 'sts-encryption', 'crm-encryption', 'tls']),
  host: z.string(),
  /** For sts-signing: signs the metadata now. Null where it means nothing. */
  primary: z.boolean().nullable(),
  seenIn: z.array(z.enum(['metadata-signature', 'metadata', 'token', 'tls', 'last-good'])),
});
export type ReportCertificate = z.infer<typeof reportCertificateSchema>;

/** The one question whose answer would tell most, and what each answer means. */
const nextQuestionSchema = z.object({
  /** One sentence. */
  ask: z.string(),
  where: z.enum(['sts', 'crm', 'probe', 'people']),
  command: z.string().nullable(),
  /** `means` is a cause's id. */
  settles: z.array(z.object({ answer: z.string(), means: z.string() })),
});
export type NextQuestion = z.infer<typeof nextQuestionSchema>;

const resultSchema = z.object({
  target: z.string(),
  route: routeSchema,
  method: methodSchema.nullable(),
  verdict: verdictSchema,
  signedIn: z.enum(['yes', 'no', 'unknown']),
  signedInAs: z.string().nullable(),
  symptom: symptomSchema,
  failedAt: stageSchema.nullable(),
  /** The probe's own account was refused, or is parked since: nothing is known of other people's sign-in. Null = it is not. */
  parked: parkedSchema.nullable().default(null),
  /** One line a person reads first, e.g. "broken: AD FS signing certificate rolled over, CRM still trusts the old one (KB 2686840, confirmed)". */
  summary: z.string(),
  /** How the journey ended, in one sentence. */
  why: z.string(),
  causes: z.array(findingSchema),
  /** Null where sign-in works or the first cause is confirmed. */
  nextQuestion: nextQuestionSchema.nullable().default(null),
  ruledOut: z.array(z.object({ id: z.string(), why: z.string() })),
  /** Rules that could not tell, and what they lacked. */
  notJudged: z.array(z.object({ id: z.string(), why: z.string() })),
  forecast: forecastSchema,
  /** Ends of all other certificates of the sign-in, the nearest first. */
  expiries: z.array(expirySchema).default([]),
  exchange: z.array(exchangeSchema),
  token: tokenFactsSchema.nullable(),
  certificates: z.array(reportCertificateSchema),
  clocks: z.array(clockSchema),
  timings: timingsSchema,
  attempts: z.array(z.object({ n: z.number().int(), verdict: verdictSchema, startedAt: instantSchema })),
  settings: settingsSchema,
  pages: z.array(pageVisitSchema),
  tls: z.array(tlsFactsSchema),
  dns: z.array(dnsFactsSchema),
  lastGood: lastGoodSchema.nullable(),
  screenshots: z.array(z.object({ file: z.string(), caption: z.string(), atMs: z.number() })),
  console: z.array(z.object({ level: z.string(), text: z.string(), atMs: z.number() })),
  serverEvents: z.array(serverEventSchema).default([]),
  /** The same events in brief: each that belongs to this sign-in, in its own words, whether or not a rule knows its code. */
  events: z
    .array(
      z.object({
        host: z.string(),
        at: instantSchema,
        zone: inferredZoneSchema.nullable().default(null),
        source: z.string(),
        id: z.number().int().nullable(),
        codes: z.array(z.string()),
        text: z.string(),
        matchedBy: z.enum(['activity-id', 'time-and-host']),
      }),
    )
    .default([]),
  captureErrors: z.array(z.object({ capture: z.string(), why: z.string() })),
});
export type Result = z.infer<typeof resultSchema>;

export const reportSchema = z.object({ schema: z.literal(1), run: runSchema, verdict: verdictSchema, results: z.array(resultSchema) });
export type Report = z.infer<typeof reportSchema>;
