import { z } from 'zod';
import { alertEventSchema, alertMemberSchema, alertRecordSchema } from '../../contracts/monitoring';
import { instantSchema } from '../../contracts/words';

/** What is told, as it waits in the store: facts only, rendered by each channel when it is sent. */
export const noticeSchema = z.object({
  schema: z.literal(1),
  event: alertEventSchema,
  at: instantSchema,
  /**
   * The alert as it was; `members` are those in trouble that are to be told of, without silenced ones; once it is over for the channel: those it was told of.
   */
  alert: alertRecordSchema.pick({
    id: true,
    kind: true,
    state: true,
    severity: true,
    title: true,
    verdict: true,
    cause: true,
    kb: true,
    sts: true,
    breaksAt: true,
    members: true,
    openedAt: true,
    recoveredAt: true,
    acknowledgedBy: true,
  }),
  /** Those that are no longer in trouble, while it lasts for `members`. */
  left: z.array(alertMemberSchema).default([]),
  /** Members that are silenced. */
  silenced: z.number().int(),
  /** One line of what the latest sign-in of a member found. */
  summary: z.string().nullable(),
  /** Announced changes that are being made to the targets now. */
  during: z.array(z.object({ text: z.string(), by: z.string().nullable() })),
});
export type Notice = z.infer<typeof noticeSchema>;
