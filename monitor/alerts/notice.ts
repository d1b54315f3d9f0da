import { z } from 'zod';
import { alertEventSchema, alertRecordSchema } from '../../contracts/monitoring';
import { instantSchema } from '../../contracts/words';

/** What is told, as it waits in the store: facts only, rendered by each channel when it is sent. */
export const noticeSchema = z.object({
  schema: z.literal(1),
  event: alertEventSchema,
  at: instantSchema,
  /** The alert as it was; `members` are those to tell of, without silenced ones. */
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
  /** Members that are silenced. */
  silenced: z.number().int(),
  /** One line of what the latest sign-in of a member found. */
  summary: z.string().nullable(),
  /** Announced changes that are being made to the targets now. */
  during: z.array(z.object({ text: z.string(), by: z.string().nullable() })),
  /** For channels that keep a state of their own: the alert is over because others tell of its members. People get no message. */
  dissolved: z.boolean(),
});
export type Notice = z.infer<typeof noticeSchema>;
