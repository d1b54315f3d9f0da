/** The words every room shares: one spelling per thing (docs/glossary.md). */
import { z } from 'zod';

/** How people reach CRM: `internal` = internal claims, `ifd` = internet-facing deployment. */
export const routeSchema = z.enum(['internal', 'ifd']);
export type Route = z.infer<typeof routeSchema>;

/** How the STS asks for credentials. */
export const methodSchema = z.enum(['windows', 'forms']);
export type Method = z.infer<typeof methodSchema>;

/** What a person would see. */
export const symptomSchema = z.enum(['none', 'repeated-prompt', 'http-401', 'error-page', 'redirect-loop', 'no-answer', 'other']);
export type Symptom = z.infer<typeof symptomSchema>;

/**
 * Where in the flow a sign-in ended (field guide §16).
 * dns=S0, tls=S1, crm-redirect=S2 (CRM's first answer), sts-page=S3 (the STS's first answer), credentials=S4,
 * token-issue=S5 (the STS after authentication), token-post=S6/S7 (CRM's verdict on the token),
 * crm-session=S7→S8 (CRM set its session cookie, the next request was not recognised), crm-page=S8.
 */
export const stageSchema = z.enum(['dns', 'tls', 'crm-redirect', 'sts-page', 'credentials', 'token-issue', 'token-post', 'crm-session', 'crm-page']);
export type Stage = z.infer<typeof stageSchema>;

/** Stages in the order a sign-in passes them. */
export const stageOrder: readonly Stage[] = stageSchema.options;

export const verdictSchema = z.enum(['healthy', 'at-risk', 'broken', 'unknown']);
export type Verdict = z.infer<typeof verdictSchema>;

/** confirmed = visible evidence alone decides; probable = evidence fits, named twins refuted; suspected = the deciding fact is on the server. */
export const certaintySchema = z.enum(['confirmed', 'probable', 'suspected']);
export type Certainty = z.infer<typeof certaintySchema>;

/** The verdict on an XML signature, judged against keys known beforehand (never against KeyInfo alone). */
export const signatureStatusSchema = z.enum(['valid', 'invalid', 'untrusted-key', 'ambiguous', 'absent', 'encrypted', 'unknown-algorithm']);
export type SignatureStatus = z.infer<typeof signatureStatusSchema>;

/** An instant as ISO 8601 text in UTC. */
export const instantSchema = z.iso.datetime({ offset: true });

/** Exit codes, those of monitoring plugins. */
export const exitCodeOf: Readonly<Record<Verdict, 0 | 1 | 2 | 3>> = { healthy: 0, 'at-risk': 1, broken: 2, unknown: 3 };

/** From best to worst: with several results the worst wins (contract: 2 over 1 over 3 over 0). */
export const verdictsFromBestToWorst: readonly Verdict[] = ['healthy', 'unknown', 'at-risk', 'broken'];
