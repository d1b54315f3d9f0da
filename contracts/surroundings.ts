/** What is around a sign-in: TLS, names, clocks, farm nodes, other browsers' answers, event logs. */
import { z } from 'zod';
import { certificateFactsSchema } from './federation-facts';
import { instantSchema } from './words';

/** TLS of one host at one address, verified in Node with the configured CA. */
export const tlsFactsSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  address: z.string().nullable(),
  /** True when the chain verified and the name fits. */
  trusted: z.boolean(),
  /** OpenSSL/Node code: CERT_HAS_EXPIRED, UNABLE_TO_VERIFY_LEAF_SIGNATURE, SELF_SIGNED_CERT_IN_CHAIN, ERR_TLS_CERT_ALTNAME_INVALID, ECONNREFUSED … */
  error: z.string().nullable(),
  protocol: z.string().nullable(),
  cipher: z.string().nullable(),
  /** As the server sent it, leaf first; empty when there was no handshake. */
  chain: z.array(certificateFactsSchema),
  /** DNS names the leaf covers. */
  names: z.array(z.string()),
  /** The server did not send an intermediate that is needed. */
  incomplete: z.boolean(),
});
export type TlsFacts = z.infer<typeof tlsFactsSchema>;

export const dnsFactsSchema = z.object({
  host: z.string(),
  addresses: z.array(z.string()),
  /** ENOTFOUND, ENODATA, ETIMEOUT …; null = resolved. */
  error: z.string().nullable(),
  /** Where the answer is from: the system's resolver, the `resolve:` entry, or the `dns:` server of the config. */
  source: z.enum(['system', 'resolve', 'dns']),
});
export type DnsFacts = z.infer<typeof dnsFactsSchema>;

export const clockSchema = z.object({
  host: z.string(),
  role: z.enum(['sts', 'crm']),
  /** Server clock minus the probe's clock, milliseconds. */
  offsetMs: z.number(),
  /** How far the reading can be off (Date and wct have whole seconds), milliseconds. */
  uncertaintyMs: z.number(),
  source: z.enum(['Date', 'wct', 'wsu:Created']),
});

/** One node of a farm, asked under the farm's real name at its own address. */
export const nodeFactsSchema = z.object({
  role: z.enum(['sts', 'crm']),
  host: z.string(),
  address: z.string(),
  /** Status of the metadata request; null = no answer. */
  status: z.number().int().nullable(),
  /** Why there was no readable metadata; null = it was read. */
  why: z.string().nullable(),
  entityId: z.string().nullable(),
  /** Signer of the node's metadata: its primary certificate. */
  signerSha1: z.string().nullable(),
  /** Signing (sts) or encryption (crm) keys the node publishes. */
  keys: z.array(z.string()),
  tlsSha1: z.string().nullable(),
  /** The node's Date header, as sent. */
  date: z.string().nullable(),
  durationMs: z.number().nullable(),
});
export type NodeFacts = z.infer<typeof nodeFactsSchema>;

/** The STS's first answer to the same request from another browser: `edge` = a User-Agent of the default WIA list (field guide §8). */
export const userAgentAnswerSchema = z.object({
  browser: z.enum(['probe', 'edge']),
  status: z.number().int().nullable(),
  challenges: z.array(z.string()),
  showsForm: z.boolean(),
});

/** From what the time zone of an event was inferred, where its log does not write it, and as which: minutes ahead of UTC. */
export const inferredZoneSchema = z.object({
  by: z.enum([
    /** An event of the file has the Activity ID the browser was shown. */
    'activity-id',
    /** An event of the file has its time in UTC as well. */
    'utc-line',
    /** Only then an event falls together with the token's POST. */
    'token-post',
    /** Nothing tells: that of the machine it was read on. */
    'this-machine',
  ]),
  offsetMinutes: z.number().int(),
});
export type InferredZone = z.infer<typeof inferredZoneSchema>;

/** One event of a server's exported event log that belongs to this sign-in (`diagnose --event-log`), redacted. */
export const serverEventSchema = z.object({
  n: z.number().int().positive(),
  /** By the server's own clock. */
  at: instantSchema,
  /** Null = the log writes its time zone. */
  zone: inferredZoneSchema.nullable().default(null),
  /** Provider, e.g. 'AD FS' or 'ASP.NET 4.0.30319.0'. */
  source: z.string(),
  /** Channel, e.g. 'AD FS/Admin'; null when the export does not say. */
  log: z.string().nullable(),
  computer: z.string().nullable(),
  /** Windows' event number; null where the log has none (CRM's trace). */
  id: z.number().int().nullable(),
  level: z.enum(['error', 'warning', 'information', 'unknown']),
  activityId: z.string().nullable(),
  /** Whose server wrote it. */
  side: z.enum(['sts', 'relying-party']),
  /** ID4175, MSIS7042, 0x80040203 … */
  codes: z.array(z.string()),
  text: z.string(),
  /** By what it was matched to the run: the Activity ID the browser was shown, or the time of the exchange it belongs to. */
  matchedBy: z.enum(['activity-id', 'time']),
  /** seq of that exchange. */
  exchange: z.number().int().nullable(),
});
export type ServerEvent = z.infer<typeof serverEventSchema>;
