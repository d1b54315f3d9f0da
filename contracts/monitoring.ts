/** The nouns of scheduled monitoring: what the store keeps, the web page shows, alerts and metrics are made from. Nothing runs here. */
import { z } from 'zod';
import { forecastSchema, reportCertificateSchema } from './report';
import { locationSchema, missedBecauseSchema, seriesKeySchema, type SlotVerdict, slotVerdictSchema, type StageTimings } from './slots';
import { instantSchema } from './words';

export * from './alert-records';
export * from './slots';

/** Counts of slots by how they ended. Coverage = (healthy + atRisk + broken + flaky) ÷ planned; `unknown` and `missed` are what is lacking. */
const slotCountsSchema = z.object({
  /** Slots that are over, without those in maintenance or withdrawn. */
  planned: z.number().int(),
  healthy: z.number().int(),
  atRisk: z.number().int(),
  broken: z.number().int(),
  flaky: z.number().int(),
  unknown: z.number().int(),
  missed: z.number().int(),
  maintenance: z.number().int(),
});
export type SlotCounts = z.infer<typeof slotCountsSchema>;

/** One day of the 90-day strip. `day` is YYYY-MM-DD in UTC. */
const dayCountsSchema = slotCountsSchema.extend({
  day: z.string(),
  worst: slotVerdictSchema.nullable(),
  meanMs: z.number().nullable(),
  maxMs: z.number().nullable(),
});
export type DayCounts = z.infer<typeof dayCountsSchema>;

/** A stretch of a time line: one slot, an hour or a day, depending on how long the time line is. */
export interface TimelinePoint extends SlotCounts {
  from: string;
  to: string;
  worst: SlotVerdict | null;
  /** The most frequent cause of slots that were not healthy. */
  cause: string | null;
  /** Mean per stage over the sign-ins that ended; null where nothing was measured. */
  timings: StageTimings | null;
  /** With one slot per point: its id, and the run to look at. */
  slotId: string | null;
  runId: string | null;
}

/** A certificate as a series has seen it. */
export const certificateRecordSchema = reportCertificateSchema
  .pick({ role: true, host: true, sha1: true, sha256: true, subject: true, notBefore: true, notAfter: true, primary: true })
  .extend({
    sts: z.string(),
    /** Where it was seen. */
    seenBy: z.array(seriesKeySchema),
    firstSeen: instantSchema,
    lastSeen: instantSchema,
    /** True while the latest sign-in of at least one series saw it. */
    current: z.boolean(),
  });
export type CertificateRecord = z.infer<typeof certificateRecordSchema>;

/** `maintenance`: nothing is run, slots end as `maintenance`. `change`: announced work; slots run, and alerts know about it. */
export const windowSchema = z.object({
  id: z.string(),
  kind: z.enum(['maintenance', 'change']),
  /** Null = all targets. */
  targets: z.array(z.string()).nullable(),
  from: instantSchema,
  /** Null = still open. */
  to: instantSchema.nullable(),
  text: z.string(),
  by: z.string().nullable(),
});
export type Window = z.infer<typeof windowSchema>;

/** Everything the overview says about one series. */
export const overviewSchema = seriesKeySchema.extend({
  sts: z.string().nullable(),
  /** Latest verdict; null = none yet. */
  verdict: slotVerdictSchema.nullable(),
  cause: z.string().nullable(),
  causeTitle: z.string().nullable(),
  kb: z.string().nullable(),
  summary: z.string().nullable(),
  /** Since when verdict and cause are what they are. */
  since: instantSchema.nullable(),
  /** The slot that gave the verdict. */
  lastSlotAt: instantSchema.nullable(),
  lastSlotId: z.uuid().nullable(),
  lastRunId: z.string().nullable(),
  lastTotalMs: z.number().nullable(),
  /** The latest slot that is over, if it was missed: why. */
  missing: missedBecauseSchema.nullable(),
  nextSlotAt: instantSchema.nullable(),
  /** Over the last 24 hours, and over all days shown. */
  last24h: slotCountsSchema,
  total: slotCountsSchema,
  /** The days asked for, the oldest first; days without slots are absent. */
  days: z.array(dayCountsSchema),
  forecast: forecastSchema.nullable(),
});
export type Overview = z.infer<typeof overviewSchema>;

/** Work that waits at a location. */
export interface QueueState {
  location: string;
  /** Slots that are due and not begun. */
  waiting: number;
  running: number;
  /** How long the oldest of them has been due; 0 when none waits. */
  queueAgeMs: number;
}

/** A machine that runs jobs: an agent, or the workers inside `watch`. */
export const runnerRecordSchema = z.object({
  name: z.string(),
  kind: z.enum(['watch', 'agent']),
  location: z.string(),
  tool: z.string(),
  startedAt: instantSchema,
  lastSeenAt: instantSchema,
  /** How many sign-ins at once. */
  capacity: z.number().int(),
  running: z.number().int(),
});
export type RunnerRecord = z.infer<typeof runnerRecordSchema>;

/** A token of an agent; the token itself is shown once and never kept. */
export const agentTokenSchema = z.object({
  id: z.uuid(),
  agent: z.string(),
  location: locationSchema,
  createdAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
});
export type AgentToken = z.infer<typeof agentTokenSchema>;
