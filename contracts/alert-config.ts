/** `alerts:`, `metrics:` and `otlp:` of the configuration: who is told what (docs/alerts.md), and what is measured (docs/metrics.md). */
import { z } from 'zod';
import { alertEventSchema } from './monitoring';
import { secretReferencePattern } from './secret-reference';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `5m`, `4h`, `1d` */
const durationSchema = z.string().regex(/^[1-9]\d*[smhd]$/, 'expected a number with a unit such as 30s, 5m, 4h or 1d');

/** A duration of the configuration (`5m`) in milliseconds. */
export const durationMs = (duration: string): number => Number(duration.slice(0, -1)) * (unitMs[duration.slice(-1)] ?? 0);

const secretReference = (what: string) =>
  z.string().regex(secretReferencePattern, `expected a secret reference (env:NAME, file:PATH, keyring:… , vault:… or azurekv:…), never the ${what} itself`);

const count = z.number().int().positive();
const isLoopback = (host: string): boolean => host === 'localhost' || /^127\./.test(host) || host === '[::1]' || host === '::1';

const httpsAddress = z.string().superRefine((value, ctx) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || url.username !== '' || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))))
    ctx.addIssue({ code: 'custom', message: 'expected an https:// address without user name or password' });
});

/** How many bad slots make a target's alert; at the target as `alert:`, for all targets in `alerts:`. */
const thresholds = {
  /** So many broken slots … (default 2) */
  after: count.max(50).optional(),
  /** … among the latest so many with a verdict (default 3). */
  of: count.max(50).optional(),
  /** So many good slots one after the other end it (default: as many as `after`). */
  recovered: count.max(50).optional(),
  /** From so many locations at the same time (default 1); where fewer probe the target, from all of them. */
  locations: count.max(50).optional(),
};
const thresholdsFit = ({ after, of }: { after?: number | undefined; of?: number | undefined }): boolean => (after ?? 2) <= (of ?? Math.max(3, after ?? 2));
const thresholdsMessage = 'expected `after` to be at most `of` (2 of 3 unless given)';

export const targetAlertSchema = z.strictObject(thresholds).refine(thresholdsFit, thresholdsMessage);
export type TargetAlert = z.infer<typeof targetAlertSchema>;

const email = z.strictObject({
  host: z.string().min(1),
  /** 587 with STARTTLS, 465 with TLS from the start, unless given. */
  port: z.number().int().min(1).max(65535).optional(),
  /** `none` on loopback only: mail passes through a server of this machine. */
  tls: z.enum(['starttls', 'tls', 'none']).optional(),
  user: z.string().min(1).optional(),
  password: secretReference('password').optional(),
  from: z.string().min(3),
  to: z.array(z.string().min(3)).min(1),
  /** PEM file of a private certification authority, relative to the configuration. */
  ca: z.string().min(1).optional(),
});

/** How an HTTPS channel gets out. */
const way = {
  ca: z.string().min(1).optional(),
  /** An HTTP proxy that connects to the outside, such as http://proxy.contoso.com:3128; TLS stays end to end. */
  proxy: z
    .string()
    .regex(/^http:\/\/[^/@]+\/?$/, 'expected a proxy such as http://proxy.contoso.com:3128')
    .optional(),
};

const kinds = {
  email: email
    .refine(({ tls, host }) => tls !== 'none' || isLoopback(host), 'expected `tls: starttls` or `tls: tls`; `none` is for a mail server on this machine only')
    .refine(({ user, password }) => (user === undefined) === (password === undefined), 'expected `user` and `password` together, or neither')
    .optional(),
  /** A Teams workflow “When a Teams webhook request is received”: its address is a secret. */
  teams: z.strictObject({ url: secretReference('address'), ...way }).optional(),
  /** A Slack incoming webhook: its address is a secret. */
  slack: z.strictObject({ url: secretReference('address'), ...way }).optional(),
  /** Events API v2; `url` for another region than the United States. */
  pagerduty: z.strictObject({ routingKey: secretReference('key'), url: httpsAddress.optional(), ...way }).optional(),
  /** JSON to any address, signed with HMAC-SHA256 (docs/alerts.md). */
  webhook: z.strictObject({ url: secretReference('address'), secret: secretReference('secret'), ...way }).optional(),
  /** A program of one's own with the message as JSON on standard input. The list is the program and its arguments; no shell. */
  command: z.strictObject({ run: z.array(z.string().min(1)).min(1), timeout: durationSchema.optional() }).optional(),
  /** The Windows event log “Application”, by eventcreate.exe. */
  eventLog: z
    .strictObject({
      source: z
        .string()
        .regex(/^[\w.-]{1,64}$/)
        .optional(),
    })
    .optional(),
};
export type ChannelKind = keyof typeof kinds;
export const channelKinds = Object.keys(kinds) as readonly ChannelKind[];

const channelSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a kebab-case name such as on-call'),
    ...kinds,
    /** Only what is at least so severe (default info). */
    from: z.enum(['info', 'warning', 'critical']).optional(),
    /** Only these events. Unless given: all; `acknowledged` goes to pagerduty and webhook only. */
    events: z.array(alertEventSchema).min(1).optional(),
    /** Only alerts that touch one of these targets. */
    targets: z.array(z.string()).min(1).optional(),
  })
  .refine(
    (channel) => channelKinds.filter((kind) => channel[kind] !== undefined).length === 1,
    `expected exactly one of ${channelKinds.map((kind) => `\`${kind}\``).join(', ')}`,
  );
export type ChannelConfig = z.infer<typeof channelSchema>;

export const alertsSchema = z
  .strictObject({
    ...thresholds,
    /** How long an alert waits for others of the same cause before it is sent (default 60s). */
    gather: durationSchema.optional(),
    /** An alert that is open and not acknowledged is sent again after so long (default 4h). */
    remind: z.union([durationSchema, z.literal('never')]).optional(),
    /** Targets that join an open alert: `page` sends a message, `quiet` only shows it; `by-cause` is quiet where the cause lies with the STS (default). */
    joiners: z.enum(['by-cause', 'page', 'quiet']).optional(),
    /** Targets that recover while others of the alert stay broken: `page` sends a message, `quiet` only shows it (default). */
    leavers: z.enum(['page', 'quiet']).optional(),
    /** Days before the forecast break on which it is told (default 30, 14, 7, 3, 1). */
    forecastDays: z.array(count.max(400)).optional(),
    /** So many sign-ins that worked only when repeated, among the latest so many slots (default 3 of 12). */
    flaky: z
      .strictObject({ after: count.max(100), of: count.max(100) })
      .refine(({ after, of }) => after <= of, 'expected `after` to be at most `of`')
      .optional(),
    /** A location is told about when less than this part of its latest slots has a verdict (default below 0.8 of 12). */
    coverage: z.strictObject({ below: z.number().positive().max(1), of: count.max(100) }).optional(),
    /** During an announced change: `mark` says so in the message (default), `hold` waits with it until the change is over. */
    duringChange: z.enum(['mark', 'hold']).optional(),
    channels: z.array(channelSchema).optional(),
  })
  .refine(thresholdsFit, thresholdsMessage)
  .refine(({ channels = [] }) => new Set(channels.map(({ name }) => name)).size === channels.length, 'expected a name of its own for each channel');
export type AlertsConfig = z.infer<typeof alertsSchema>;

export const metricsSchema = z.strictObject({
  /** What a scraper must send as `Authorization: Bearer …`; without it, /metrics answers this machine only. */
  token: secretReference('token').optional(),
});

export const otlpSchema = z.strictObject({
  /** Base address of an OpenTelemetry collector (OTLP over HTTP), e.g. https://otel.contoso.com:4318; /v1/traces and /v1/metrics are added. */
  endpoint: httpsAddress,
  /** Value of the Authorization header. */
  authorization: secretReference('header').optional(),
  ca: z.string().min(1).optional(),
  /** Both unless given. */
  send: z
    .array(z.enum(['traces', 'metrics']))
    .min(1)
    .optional(),
  /** How often metrics are sent (default 60s). */
  every: durationSchema.optional(),
});
export type OtlpConfig = z.infer<typeof otlpSchema>;
