/** Comparison: two comparable states side by side, each difference with what it means. `compare --json` prints it; the other formats are made from it. */
import { z } from 'zod';
import { claimSchema, remedyStepSchema } from './report';
import { certaintySchema, instantSchema, methodSchema, routeSchema, verdictSchema } from './words';

/** What may be announced with `--expect`, and what every difference is filed under. */
export const changeKindSchema = z.enum([
  'signing-certificate',
  'decrypting-certificate',
  'encryption-certificate',
  'tls-certificate',
  'tls-protocol',
  'dns',
  'identifiers',
  'endpoints',
  'methods',
  'claims',
  'token',
  'cookies',
  'version',
  'user',
  'clock',
  'timing',
  'routes',
]);
export type ChangeKind = z.infer<typeof changeKindSchema>;
export const changeKinds: readonly ChangeKind[] = changeKindSchema.options;

/** Whether sign-in works cannot be announced away. */
const differenceKindSchema = z.enum(['sign-in', ...changeKindSchema.options]);
export type DifferenceKind = z.infer<typeof differenceKindSchema>;

/**
 * announced = meant to change; unannounced = a finding, which makes the comparison a regression; better = something was wrong and is right now;
 * follows = seen only because the sign-in ended elsewhere; noted = worth knowing, nobody's doing (a date came nearer).
 */
const judgementSchema = z.enum(['unannounced', 'announced', 'better', 'follows', 'noted']);
export type DifferenceJudgement = z.infer<typeof judgementSchema>;

const differenceSchema = z.object({
  target: z.string(),
  /** The routes it was seen on; what is the same on both is one difference. */
  routes: z.array(routeSchema),
  kind: differenceKindSchema,
  /** What differs, e.g. "AD FS token-signing certificate in use". */
  where: z.string(),
  /** null = it was not there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** What it means for sign-in, in a sentence or two. */
  meaning: z.string(),
  judged: judgementSchema,
});
export type Difference = z.infer<typeof differenceSchema>;

/** Times of one kind on both sides. */
const timingComparisonSchema = z.object({
  target: z.string(),
  route: routeSchema,
  what: z.enum(['total', 'sts', 'token-post', 'crm-page']),
  before: z.object({ signIns: z.number().int(), medianMs: z.number(), leastMs: z.number(), mostMs: z.number() }),
  after: z.object({ signIns: z.number().int(), medianMs: z.number(), leastMs: z.number(), mostMs: z.number() }),
  /** Two-sided p of the Mann-Whitney test, exact where both sides are small. */
  p: z.number(),
  /** Cliff's delta, -1 … 1: positive = slower now. */
  delta: z.number(),
  judged: z.enum(['slower', 'faster', 'no-difference', 'too-few']),
  text: z.string(),
});
export type TimingComparison = z.infer<typeof timingComparisonSchema>;

const routeHealthSchema = z.object({ verdict: verdictSchema, summary: z.string(), method: methodSchema.nullable(), signedInAs: z.string().nullable() });

/** One target over one route on both sides; null = that side does not have it. */
const routeComparisonSchema = z.object({
  target: z.string(),
  route: routeSchema,
  before: routeHealthSchema.nullable(),
  after: routeHealthSchema.nullable(),
  /** Why sign-in does not work afterwards, as the report names it, root cause first. */
  causes: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kb: z.string().nullable(),
      certainty: certaintySchema,
      because: z.array(claimSchema),
      remedy: z.array(remedyStepSchema),
    }),
  ),
});
export type RouteComparison = z.infer<typeof routeComparisonSchema>;

const sideSchema = z.object({
  kind: z.enum(['baseline', 'run']),
  /** The baseline's name or the run's id. */
  name: z.string(),
  /** When the (last) sign-in was. */
  at: instantSchema,
  label: z.string().nullable(),
  /** Ids of the runs behind it; each is one sign-in per route. */
  runs: z.array(z.string()),
  tool: z.string(),
  browser: z.string(),
});
export type Side = z.infer<typeof sideSchema>;

export const comparisonVerdictSchema = z.enum(['same', 'intended-change', 'regression']);
export type ComparisonVerdict = z.infer<typeof comparisonVerdictSchema>;

export const comparisonSchema = z.object({
  schema: z.literal(1),
  comparison: z.object({
    id: z.string(),
    at: instantSchema,
    tool: z.string(),
    /** Name of the change, where one was named. */
    change: z.string().nullable(),
    expect: z.array(changeKindSchema),
  }),
  verdict: comparisonVerdictSchema,
  /** For a change: go when the verdict is no regression and sign-in works over every route afterwards. */
  decision: z.enum(['go', 'roll-back']),
  /** One sentence a person reads first. */
  summary: z.string(),
  before: sideSchema,
  after: sideSchema,
  routes: z.array(routeComparisonSchema),
  /** Findings first. */
  differences: z.array(differenceSchema),
  /** Announced, but nothing of the kind was seen to change. */
  notHappened: z.array(z.object({ kind: changeKindSchema, text: z.string() })),
  timings: z.array(timingComparisonSchema),
  /** What is alike on both sides, for the reader who wants to see that it was looked at. */
  same: z.array(z.object({ target: z.string(), routes: z.array(routeSchema), kind: changeKindSchema, where: z.string(), value: z.string() })),
  notCompared: z.array(z.object({ target: z.string(), routes: z.array(routeSchema), what: z.string(), why: z.string() })),
});
export type Comparison = z.infer<typeof comparisonSchema>;
