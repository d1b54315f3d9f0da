/** What is wrong, who was told of it, and what nobody is to be told. Nothing runs here. */
import { z } from 'zod';
import { seriesKeySchema, slotVerdictSchema } from './slots';
import { instantSchema, routeSchema } from './words';

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
const leftHowSchema = z.enum(['recovered', 'happened', 'moved', 'removed', 'unseen']);
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
  kind: z.enum(['verdict', 'forecast', 'coverage', 'account']),
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
