/** The parts of the configuration that say when and from where to sign in, and where `watch` keeps what it finds (docs/monitoring.md). */
import { z } from 'zod';
import { locationSchema } from './monitoring';
import { secretReferencePattern } from './secret-reference';
import { instantSchema } from './words';

/** `5m`, `90s`, `2h`, `1d`. */
export const durationPattern = /^([1-9]\d{0,4})(s|m|h|d)$/;
const duration = z.string().regex(durationPattern, 'expected a duration such as 30s, 5m, 2h or 1d');

/** Each sign-in costs the STS a token; nobody needs more than twelve a minute of one series. */
const shortestSeconds = 5;
const isTooOften = (every: string): boolean => /^\d+s$/.test(every) && parseInt(every, 10) < shortestSeconds;
const tooOften = (every: string): string => `expected at least every ${shortestSeconds}s, found every ${every}`;
const anySchedule = 'expected `every 5m`, `cron 0 6 * * 1-5`, or a mapping: { every: 5m } or { cron: "0 6 * * 1-5", timezone: Europe/Berlin }';

/** IANA time zone; Windows has names of its own, which Node does not know. */
const timezone = z.string().refine(isTimeZone, {
  error: ({ input }) =>
    `expected an IANA time zone such as Europe/Berlin or UTC, found "${String(input)}"${/ time$/i.test(String(input)) ? ', which is a name of Windows' : ''}`,
});

/** `every 5m`, `cron 0 6 * * 1-5`, or as a mapping, which may name its own time zone. */
export const scheduleSchema = z.union(
  [
    z.string().superRefine((text, ctx) => {
      const every = /^every\s+(.*)$/.exec(text)?.[1]?.trim();
      if (every !== undefined && isTooOften(every)) ctx.addIssue({ code: 'custom', message: tooOften(every) });
      else if (durationPattern.test(text)) ctx.addIssue({ code: 'custom', message: `expected \`every ${text}\` or \`cron …\`, found "${text}"` });
      else if (!/^cron\s+\S/.test(text) && !durationPattern.test(every ?? '')) ctx.addIssue({ code: 'custom', message: `${anySchedule}, found "${text}"` });
    }),
    z.strictObject({ every: duration.refine((every) => !isTooOften(every), { error: ({ input }) => tooOften(String(input)) }) }),
    z.strictObject({ cron: z.string().min(1), timezone: timezone.optional() }),
  ],
  anySchedule,
);
export type ScheduleFile = z.infer<typeof scheduleSchema>;

/** Once (`from`, `to`), or again and again (`cron` and how long each time). Slots within it end as `maintenance` and are not run. */
export const maintenanceSchema = z.union(
  [
    z.strictObject({ from: instantSchema, to: instantSchema, text: z.string().min(1).optional(), targets: z.array(z.string()).min(1).optional() }),
    z.strictObject({
      cron: z.string().min(1),
      for: duration,
      timezone: timezone.optional(),
      text: z.string().min(1).optional(),
      targets: z.array(z.string()).min(1).optional(),
    }),
  ],
  'expected { from: 2026-12-01T20:00:00Z, to: 2026-12-01T23:00:00Z } or { cron: "0 20 * * 6", for: 4h, timezone: ' +
    'Europe/Berlin }, with `text` and `targets` if wanted',
);
export type MaintenanceFile = z.infer<typeof maintenanceSchema>;

const days = z.number().positive().max(3_650);

export const monitorSchema = z.strictObject({
  /** For targets without a schedule of their own (default: every 5m). */
  schedule: scheduleSchema.optional(),
  /** Of all schedules and maintenance windows that name none (default: the machine's). */
  timezone: timezone.optional(),
  /** The location `watch` itself works for, and that of targets without `locations` (default local). */
  location: locationSchema.optional(),
  maintenance: z.array(maintenanceSchema).optional(),
  /** A Postgres database, by secret reference; or a folder for the embedded one (default .signin-probe/store beside the configuration). */
  store: z
    .union(
      [
        z.strictObject({ database: z.string().regex(secretReferencePattern, 'expected a secret reference such as env:DATABASE_URL') }),
        z.strictObject({ folder: z.string().min(1) }),
      ],
      'expected { database: env:DATABASE_URL } (a secret reference to a postgres:// address) or { folder: ./store }',
    )
    .optional(),
  /** Sign-ins at once (default: by cores and free memory). 0 = this process plans only, and leaves the work to agents. */
  concurrency: z.number().int().min(0).max(64).optional(),
  /** Seconds between a broken sign-in and its repetition (default 5). */
  confirmAfterSeconds: z.number().min(0).max(300).optional(),
  keep: z
    .strictObject({
      /** Reports and run folders of healthy sign-ins: all of the last day, then one an hour for so long (default 14). */
      healthyDays: days.optional(),
      /** Those of all others (default 90). */
      otherDays: days.optional(),
      /** Slots, attempts and hourly figures (default 400). Daily figures stay. */
      slotDays: days.optional(),
    })
    .optional(),
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
