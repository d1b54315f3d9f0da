/** A planned run and what came of it. Nothing runs here. */
import { z } from 'zod';
import { timingsSchema } from './evidence';
import { forecastSchema, reportCertificateSchema } from './report';
import { instantSchema, methodSchema, routeSchema, stageSchema, symptomSchema, verdictSchema } from './words';

/** A place from which sign-ins are probed, e.g. `hq` or `dmz`. Kebab-case. */
export const locationSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a kebab-case name such as hq or dmz-west');

/** What is probed again and again: a target over one route from one location. */
export const seriesKeySchema = z.object({ target: z.string(), route: routeSchema, location: locationSchema });
export type SeriesKey = z.infer<typeof seriesKeySchema>;

/**
 * `planned`: recorded, not begun. `running`: somebody works on it.
 * Ended with a verdict: `healthy`, `at-risk`, `broken` (also when repeated), `flaky` (broken first, not when repeated), `unknown` (the probe could not tell).
 * Ended without: `missed` (`missedBecause` says why), `maintenance` (inside a maintenance window, on purpose), `withdrawn` (no longer in the configuration
 * when it was due).
 */
export const slotStateSchema = z.enum(['planned', 'running', 'healthy', 'at-risk', 'broken', 'flaky', 'unknown', 'missed', 'maintenance', 'withdrawn']);
export type SlotState = z.infer<typeof slotStateSchema>;

/** The words a slot's verdict can have: those of a run, and `flaky`. */
export const slotVerdictSchema = z.enum(['healthy', 'at-risk', 'broken', 'flaky', 'unknown']);
export type SlotVerdict = z.infer<typeof slotVerdictSchema>;

/** From best to worst, for "the worst of these". */
export const slotVerdictsFromBestToWorst: readonly SlotVerdict[] = ['healthy', 'unknown', 'flaky', 'at-risk', 'broken'];

/**
 * `overloaded`: it was due, and every worker of its location was busy until the next slot was due. `no-agent`: nobody was there to work for its location.
 * `agent-gone`: who had begun it stopped answering, and it was too late for another attempt. `machine-asleep`: the machine slept or stood still.
 * `not-running`: no `watch` was running (stopped, crashed, without power). `store-down`: the database did not answer.
 */
export const missedBecauseSchema = z.enum(['overloaded', 'no-agent', 'agent-gone', 'machine-asleep', 'not-running', 'store-down']);
export type MissedBecause = z.infer<typeof missedBecauseSchema>;

/** Why an attempt was made: `first`; `confirming` a broken one; `again` after whoever ran the one before stopped answering. */
export const attemptReasonSchema = z.enum(['first', 'confirming', 'again']);
export type AttemptReason = z.infer<typeof attemptReasonSchema>;

export type StageTimings = z.infer<typeof timingsSchema>;

/** What the store keeps of one sign-in: the headline of its report. */
export const storedResultSchema = z.object({
  verdict: verdictSchema,
  /** Id of the first cause; null when healthy or unexplained. */
  cause: z.string().nullable(),
  causeTitle: z.string().nullable(),
  kb: z.string().nullable(),
  /** One line a person reads first. */
  summary: z.string(),
  symptom: symptomSchema,
  failedAt: stageSchema.nullable(),
  /** The probe's account where it is refused or parked, so that nothing was tested; null otherwise. */
  account: z.string().nullable().default(null),
  method: methodSchema.nullable(),
  /** Origin of the STS: targets with the same one share its certificates and their alerts. */
  sts: z.string(),
  timings: timingsSchema,
  forecast: forecastSchema,
  certificates: z.array(reportCertificateSchema),
});
export type StoredResult = z.infer<typeof storedResultSchema>;

/** One sign-in, or one that was begun and never heard of again (`finishedAt` null and a `why`). */
export const attemptSchema = z.object({
  slotId: z.uuid(),
  /** 1, 2, 3 … */
  n: z.number().int().positive(),
  reason: attemptReasonSchema,
  /** The process that ran it: `watch@host` or an agent's name. */
  runner: z.string(),
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  /** Null while it runs, and for one that was lost. */
  verdict: verdictSchema.nullable(),
  cause: z.string().nullable(),
  summary: z.string().nullable(),
  failedAt: stageSchema.nullable(),
  symptom: symptomSchema.nullable(),
  timings: timingsSchema.nullable(),
  /** The run's id: name of its folder where it ran, key of its report in the store. */
  runId: z.string().nullable(),
  /** Whether the store (still) has the report. */
  hasReport: z.boolean(),
  /** Why there is no verdict; or why an `unknown` one. */
  why: z.string().nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** A planned run: recorded before it is due, run once, ended once. */
export const slotSchema = seriesKeySchema.extend({
  /** Made from target, route, location and instant: the same plan gives the same id, whoever makes it. */
  id: z.uuid(),
  slotAt: instantSchema,
  /** `manual` = "run now". */
  origin: z.enum(['schedule', 'manual']),
  state: slotStateSchema,
  missedBecause: missedBecauseSchema.nullable(),
  /** One sentence: the summary of the run, or why there is none. Null while it is planned or running. */
  why: z.string().nullable(),
  cause: z.string().nullable(),
  causeTitle: z.string().nullable(),
  kb: z.string().nullable(),
  /** The probe's account where it was refused or parked; null otherwise. */
  account: z.string().nullable(),
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  /** Duration of the sign-in that gave the verdict. */
  totalMs: z.number().nullable(),
  /** How many attempts were begun. */
  attempts: z.number().int(),
  /** Run of the attempt that gave the verdict. */
  runId: z.string().nullable(),
});
export type Slot = z.infer<typeof slotSchema>;
