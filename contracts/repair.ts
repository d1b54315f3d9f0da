/**
 * The record of a repair after a rollover (`signin-probe after-rollover`): what was seen, what the operator said was done, and when. `repair.json`;
 * keys may be added within schema 1.
 */
import { z } from 'zod';
import { certaintySchema, instantSchema, routeSchema, verdictSchema } from './words';

/** `yes`, `no`, or not visible, with the sentence that says from what. */
const repairAnswerSchema = z.object({ is: z.enum(['yes', 'no', 'unknown']), why: z.string() });
export type RepairAnswer = z.infer<typeof repairAnswerSchema>;

/** What one probing showed of one route. */
const routeSightSchema = z.object({
  route: routeSchema,
  verdict: verdictSchema,
  signedIn: z.enum(['yes', 'no', 'unknown']),
  signedInAs: z.string().nullable(),
  summary: z.string(),
  /** The root cause; null = none found, or none needed. */
  cause: z.object({ id: z.string(), title: z.string(), kb: z.string().nullable(), certainty: certaintySchema, doubts: z.array(z.string()) }).nullable(),
  /** How far the rollover is on this route: AD FS made a new certificate, uses it, and CRM accepts it. */
  generated: repairAnswerSchema,
  promoted: repairAnswerSchema,
  crmUpdated: repairAnswerSchema,
  /** The certificate that signs AD FS's metadata, which is taken to be the primary one. */
  stsPrimarySha1: z.string().nullable(),
  /** CRM sends the browser to the STS; null = CRM gave no answer. */
  redirectsToSts: z.boolean().nullable(),
  /** The method that CRM asks the STS for, as in `wauth`. */
  wauth: z.string().nullable(),
  /** Authentication as CRM's WSDL names it: Federation, ActiveDirectory …; null = not read. */
  wsdlAuthentication: z.string().nullable(),
  crmMetadata: z.object({ ok: z.boolean(), status: z.number().int().nullable() }).nullable(),
  /** Whether AD FS encrypts for the certificate that CRM publishes. */
  encryption: z.enum(['match', 'mismatch', 'not-encrypted', 'unknown']),
  credentialsRefused: z.boolean(),
  /** When sign-in will break next; null = not foreseeable. */
  breaksAt: instantSchema.nullable(),
});
export type RouteSight = z.infer<typeof routeSightSchema>;

/** One sign-in over every route, with the folder of its run. */
const repairProbingSchema = z.object({
  at: instantSchema,
  runId: z.string(),
  /** The run's report, relative to the folder of this record. */
  report: z.string(),
  /** The round whose steps the operator said were done before it; null = a look without one. */
  afterRound: z.number().int().nullable(),
  routes: z.array(routeSightSchema),
});
export type RepairProbing = z.infer<typeof repairProbingSchema>;

/**
 * open = to be done; seen = its effect was seen; reported = the operator says so, not visible from here; contradicted = the operator says so,
 * and what is visible speaks against it; skipped = the operator's wish; not-needed = sign-in works without it.
 */
const stepStateSchema = z.enum(['open', 'seen', 'reported', 'contradicted', 'skipped', 'not-needed']);
export type StepState = z.infer<typeof stepStateSchema>;

const repairStepSchema = z.object({
  n: z.number().int().positive(),
  round: z.number().int().positive(),
  kind: z.enum(['list-trusts', 'update-trusts', 'iisreset', 'restart-adfs', 'note-settings', 'disable-claims', 'configure-claims', 'configure-ifd']),
  /** On which machine. */
  where: z.string(),
  text: z.string(),
  /** PowerShell as administrator; null = none. */
  command: z.string().nullable(),
  /** Settings as the probe sees them from outside, to compare with. */
  values: z.array(z.object({ name: z.string(), value: z.string() })),
  state: stepStateSchema,
  /** When the operator said so, or its effect was seen. */
  at: instantSchema.nullable(),
  /** What was seen, or why nothing can be. */
  seen: z.string().nullable(),
});
export type RepairStep = z.infer<typeof repairStepSchema>;

/**
 * open = a round is to be done; healed = every route works again; nothing-to-repair = it worked from the start; another-cause = what is broken
 * is not KB 2686840; exhausted = no round is left, and it is still broken; could-not-tell = the probe could not judge.
 */
const repairStateSchema = z.enum(['open', 'healed', 'nothing-to-repair', 'another-cause', 'exhausted', 'could-not-tell']);

export const repairSchema = z.object({
  schema: z.literal(1),
  id: z.string(),
  target: z.string(),
  tool: z.string(),
  startedAt: instantSchema,
  updatedAt: instantSchema,
  state: repairStateSchema,
  /** The first thing to read: what the state rests on. */
  why: z.string(),
  /** The round to do now; null when none is. */
  round: z.number().int().positive().nullable(),
  rounds: z.array(z.object({ n: z.number().int().positive(), title: z.string() })),
  steps: z.array(repairStepSchema),
  /** Oldest first. */
  probings: z.array(repairProbingSchema),
  /** Led although the cause found is another one (`--anyway`). */
  anyway: z.boolean(),
  notes: z.array(z.object({ at: instantSchema, text: z.string() })),
});
export type Repair = z.infer<typeof repairSchema>;

/** 0 = every route works; 2 = still broken, or a round is open; 3 = the last look could not tell. */
export function repairExitCode({ state, probings }: Pick<Repair, 'state' | 'probings'>): 0 | 2 | 3 {
  if (state === 'healed' || state === 'nothing-to-repair') return 0;
  return state === 'could-not-tell' || !probings.at(-1)?.routes.some(({ signedIn }) => signedIn === 'no') ? 3 : 2;
}
