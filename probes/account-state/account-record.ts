import { z } from 'zod';
import { parkedSchema } from '../../contracts/kept-state';
import { instantSchema } from '../../contracts/words';
import { accountName } from '../../contracts/account-name';

/**
 * One password that was submitted and is not known to be accepted. Of the password itself only a salted slow hash is kept, from which it cannot be had back.
 */
const trySchema = parkedSchema.omit({ until: true }).extend({
  /** As the configuration spelled it. */
  user: z.string(),
  /** How long the directory remembers a wrong password (account.lockoutWindowMinutes). */
  windowMinutes: z.number(),
  salt: z.string(),
  scrypt: z.string(),
});
export type Try = z.infer<typeof trySchema>;

/** What is known of one account at one STS. */
const accountRecordSchema = z.object({ schema: z.literal(2), stsOrigin: z.string(), name: z.string(), tries: z.array(trySchema).min(1) });
export type AccountRecord = z.infer<typeof accountRecordSchema>;

/** Active Directory's default "Reset account lockout counter after". */
export const defaultLockoutWindowMinutes = 30;

/** The one file format before: one refused password per spelling of an account. */
const recordSchema1 = z.object({
  schema: z.literal(1),
  stsOrigin: z.string(),
  user: z.string(),
  parkedAt: instantSchema,
  runId: z.string(),
  target: z.string(),
  route: parkedSchema.shape.route,
  how: z.string(),
  refused: z.object({ salt: z.string(), scrypt: z.string() }),
});

/** Reads a record of any version; throws where it is none. */
export function readAccountRecord(json: unknown): AccountRecord {
  const old = recordSchema1.safeParse(json);
  if (!old.success) return accountRecordSchema.parse(json);
  const { stsOrigin, user, parkedAt, refused, runId, target, route, how } = old.data;
  const one: Try = { user, state: 'refused', since: parkedAt, runId, target, route, how, found: null, windowMinutes: defaultLockoutWindowMinutes, ...refused };
  return { schema: 2, stsOrigin, name: accountName(user), tries: [one] };
}
