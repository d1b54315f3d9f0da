/** What `signin-probe forecast` found out: dates ahead, without a sign-in. `--format json` prints it; the other formats are made from it. */
import { z } from 'zod';
import { expirySchema, forecastSchema, remedyStepSchema } from './report';
import { instantSchema, verdictSchema } from './words';

/** A remedy step with the instant it has to be done by; null = now, or whenever it suits. */
const plannedStepSchema = remedyStepSchema.extend({ by: instantSchema.nullable() });
export type PlannedStep = z.infer<typeof plannedStepSchema>;

export const targetForecastSchema = z.object({
  target: z.string(),
  /** Origin of the STS. */
  sts: z.string(),
  /** `at-risk` when something breaks within warnDays or is under way, `broken` when a certificate has ended, `unknown` when it could not be seen. */
  verdict: verdictSchema,
  /** One line a person reads first. */
  summary: z.string(),
  forecast: forecastSchema,
  /** Thumbprints of the signing certificate in use and of the one that waits; null when they could not be told. */
  signing: z.object({ primarySha1: z.string(), successorSha1: z.string().nullable() }).nullable(),
  /** The nearest first. */
  expiries: z.array(expirySchema),
  /** What could not be seen, and why. */
  unseen: z.array(z.object({ what: z.string(), why: z.string() })),
  todo: z.array(plannedStepSchema),
  warnDays: z.number(),
});
export type TargetForecast = z.infer<typeof targetForecastSchema>;

export const forecastReportSchema = z.object({
  schema: z.literal(1),
  at: instantSchema,
  tool: z.string(),
  verdict: verdictSchema,
  results: z.array(targetForecastSchema),
});
export type ForecastReport = z.infer<typeof forecastReportSchema>;
