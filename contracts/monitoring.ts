/** The nouns of scheduled monitoring: what the store keeps, the web page shows, alerts and metrics are made from. Nothing runs here. */
import { z } from 'zod';
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

/** The durations of one sign-in, in milliseconds; null = that stage was not reached. */
export const stageTimingsSchema = z.object({
  totalMs: z.number(),
  dnsMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  stsMs: z.number().nullable(),
  tokenPostMs: z.number().nullable(),
  crmPageMs: z.number().nullable(),
});
export type StageTimings = z.infer<typeof stageTimingsSchema>;

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
  method: methodSchema.nullable(),
  /** Origin of the STS: targets with the same one share its certificates and their alerts. */
  sts: z.string(),
  timings: stageTimingsSchema,
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
  timings: stageTimingsSchema.nullable(),
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

/** Counts of slots by how they ended. Coverage = (healthy + atRisk + broken + flaky) ÷ planned; `unknown` and `missed` are what is lacking. */
export const slotCountsSchema = z.object({
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
export const dayCountsSchema = slotCountsSchema.extend({
  day: z.string(),
  worst: slotVerdictSchema.nullable(),
  meanMs: z.number().nullable(),
  maxMs: z.number().nullable(),
});
export type DayCounts = z.infer<typeof dayCountsSchema>;

/** A stretch of a time line: one slot, an hour or a day, depending on how long the time line is. */
export const timelinePointSchema = slotCountsSchema.extend({
  from: instantSchema,
  to: instantSchema,
  worst: slotVerdictSchema.nullable(),
  /** The most frequent cause of slots that were not healthy. */
  cause: z.string().nullable(),
  /** Mean per stage over the sign-ins that ended; null where nothing was measured. */
  timings: stageTimingsSchema.nullable(),
  /** With one slot per point: its id, and the run to look at. */
  slotId: z.uuid().nullable(),
  runId: z.string().nullable(),
});
export type TimelinePoint = z.infer<typeof timelinePointSchema>;

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

export const silenceSchema = z.object({
  id: z.uuid(),
  /** What is silenced; null = any. */
  target: z.string().nullable(),
  route: routeSchema.nullable(),
  location: z.string().nullable(),
  cause: z.string().nullable(),
  from: instantSchema,
  to: instantSchema,
  by: z.string(),
  reason: z.string(),
});
export type Silence = z.infer<typeof silenceSchema>;

/** `closed`: over without good news, the alert's state says how; for channels that keep incidents of their own. */
export const alertEventSchema = z.enum([
  'opened',
  'worsened',
  'cause-changed',
  'partly-recovered',
  'recovered',
  'closed',
  'reminder',
  'acknowledged',
  'forecast',
  'test',
]);
export type AlertEvent = z.infer<typeof alertEventSchema>;

/**
 * How a series left an alert: it recovered; what was foretold of it happened; it moved to another alert (worse, another cause); it was removed from the
 * configuration; its location fell silent, and the others see no trouble.
 */
export const leftHowSchema = z.enum(['recovered', 'happened', 'moved', 'removed', 'unseen']);
export type LeftHow = z.infer<typeof leftHowSchema>;

/** A series that an alert touches, or has touched. */
export const alertMemberSchema = seriesKeySchema.extend({
  since: instantSchema,
  runId: z.string().nullable(),
  /** Absent while it is in trouble. */
  left: z.object({ at: instantSchema, how: leftHowSchema }).optional(),
  /** What people were not told yet; `silenced`: it joined while nobody was to be told. Absent when they know. */
  untold: z.object({ what: z.enum(['joined', 'silenced', 'worsened', 'cause-changed', 'left']), since: instantSchema }).optional(),
});
export type AlertMember = z.infer<typeof alertMemberSchema>;

/** One thing that is wrong, however many series it touches. */
export const alertRecordSchema = z.object({
  id: z.uuid(),
  /** What makes it one alert, e.g. `cause:<id>:<sts>`; at most one open alert per key. */
  key: z.string(),
  kind: z.enum(['verdict', 'forecast', 'coverage']),
  /** Anything but `open` is over: `recovered`, or how else its series left. */
  state: z.enum(['open', 'recovered', 'happened', 'moved', 'removed']),
  severity: z.enum(['info', 'warning', 'critical']),
  title: z.string(),
  verdict: slotVerdictSchema.nullable(),
  cause: z.string().nullable(),
  kb: z.string().nullable(),
  sts: z.string().nullable(),
  breaksAt: instantSchema.nullable(),
  /** The series it touches, and those that left it: while the alert lasts, one recovers and another stays broken. */
  members: z.array(alertMemberSchema),
  openedAt: instantSchema,
  changedAt: instantSchema,
  /** When it was over, however that came. */
  recoveredAt: instantSchema.nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: instantSchema.nullable(),
  lastNotifiedAt: instantSchema.nullable(),
});
export type AlertRecord = z.infer<typeof alertRecordSchema>;

/** One message to one channel. */
export const deliverySchema = z.object({
  id: z.uuid(),
  alertId: z.uuid().nullable(),
  event: alertEventSchema,
  channel: z.string(),
  /** What the channel renders: plain JSON. */
  payload: z.unknown(),
  state: z.enum(['pending', 'sent', 'failed']),
  attempts: z.number().int(),
  createdAt: instantSchema,
  nextAttemptAt: instantSchema,
  sentAt: instantSchema.nullable(),
  lastError: z.string().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

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
export const queueStateSchema = z.object({
  location: z.string(),
  /** Slots that are due and not begun. */
  waiting: z.number().int(),
  running: z.number().int(),
  /** How long the oldest of them has been due; 0 when none waits. */
  queueAgeMs: z.number(),
});
export type QueueState = z.infer<typeof queueStateSchema>;

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
