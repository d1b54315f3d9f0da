/** What went over the wire, and the pages it showed. */
import { z } from 'zod';
import { stageSchema } from './words';

/** WS-Federation parameters of a request's query or form body; tokens are never kept, `wresultBytes` is their size. */
const wsfedParametersSchema = z.object({
  wa: z.string().optional(),
  wtrealm: z.string().optional(),
  wctx: z.string().optional(),
  wct: z.string().optional(),
  wauth: z.string().optional(),
  whr: z.string().optional(),
  wreply: z.string().optional(),
  wfresh: z.string().optional(),
  wresultBytes: z.number().int().optional(),
});
export type WsfedParameters = z.infer<typeof wsfedParametersSchema>;

/** A cookie a response set: name, size and flags, never its value. */
const cookieSetSchema = z.object({
  name: z.string(),
  bytes: z.number().int(),
  /** The Domain attribute as sent, or null for a host-only cookie. */
  domain: z.string().nullable(),
  path: z.string().nullable(),
  flags: z.array(z.string()), // Secure, HttpOnly, SameSite=None, Partitioned …
  /** True when the response removes the cookie (empty value or expiry in the past). */
  removes: z.boolean().default(false),
  /** Why the browser refused it (CDP blockedReasons: InvalidDomain, SecureOnly, SameSiteNoneInsecure …); empty = accepted. */
  blocked: z.array(z.string()).default([]),
});

/** Error facts CRM puts in its error page's address: /_common/error/errorhandler.aspx?ErrorCode=…&Parm0=…. */
const crmErrorSchema = z.object({ errorCode: z.string().nullable(), text: z.string().nullable(), requestUri: z.string().nullable() });

/** One request with its answer, of the page itself (not images, scripts or styles). */
export const exchangeSchema = z.object({
  seq: z.number().int().positive(),
  /** Which part of the flow it belongs to. */
  step: z.union([stageSchema, z.literal('sign-out'), z.literal('other')]),
  method: z.string(),
  /** Without secrets: tokens, codes and personal values in the query are masked. */
  url: z.string(),
  /** null = no answer. */
  status: z.number().int().nullable(),
  /** The browser's network error (net::ERR_…), when there was no answer. */
  failure: z.string().nullable(),
  /** seq of the exchange whose redirect led here. */
  redirectedFrom: z.number().int().nullable(),
  location: z.string().nullable(),
  server: z.string().nullable(),
  contentType: z.string().nullable(),
  /** The Date header, as sent. */
  date: z.string().nullable(),
  /** REQ_ID or similar correlation header, for the server's logs. */
  requestId: z.string().nullable(),
  /** Schemes of WWW-Authenticate (Negotiate, NTLM, Basic, Bearer …), in order. */
  challenges: z.array(z.string()),
  /** What the browser answered a challenge with, never the credential itself: 'Negotiate-Kerberos', 'Negotiate-NTLM', 'NTLM', 'Basic' … */
  authorization: z.string().nullable(),
  wsfed: wsfedParametersSchema.nullable(),
  cookiesSet: z.array(cookieSetSchema),
  cookiesSent: z.array(z.object({ name: z.string(), bytes: z.number().int() })),
  requestHeaderBytes: z.number().int().nullable(),
  crmError: crmErrorSchema.nullable(),
  /** Title and visible text (redacted, at most 2,000 characters) of a document; null for redirects and when not read. */
  document: z.object({ title: z.string(), text: z.string() }).nullable(),
  startedAtMs: z.number(),
  durationMs: z.number().nullable(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

/** What kind of page the journey recognised. `unknown` ends the journey, precisely described. */
const pageKindSchema = z.enum([
  'sts-forms', // AD FS forms page or any sign-in form with one password field
  'sts-windows-challenge', // 401 with Negotiate/NTLM
  'sts-home-realm',
  'sts-mfa',
  'sts-update-password',
  'sts-error',
  'sts-working', // the auto-POST page
  'crm-shell',
  'crm-error',
  'crm-challenge', // 401 with WWW-Authenticate from CRM
  'http-error', // any other main-frame status ≥ 400
  'no-answer', // network error
  'unknown',
]);
export type PageKind = z.infer<typeof pageKindSchema>;

/** One page the journey met, and what it did there. */
export const pageVisitSchema = z.object({
  n: z.number().int().positive(),
  kind: pageKindSchema,
  /** Which recogniser knew it, e.g. 'adfs-forms', 'generic-form'; for the reader who wants to change it. */
  recognisedBy: z.string().nullable(),
  url: z.string(),
  title: z.string(),
  status: z.number().int().nullable(),
  /** seq of the exchange that brought the document. */
  exchange: z.number().int().nullable(),
  /** Error line, Activity ID and the like, by name: errorText, activityId, relyingParty, errorTime, cookieLine, nodeName, reference, message. */
  texts: z.record(z.string(), z.string()),
  /** Codes found in text or address (ID4175, MSIS7007, 0x80040203 …). */
  codes: z.array(z.string()),
  /** Visible form fields, for an unknown page and for change detection: never values. */
  fields: z.array(z.object({ name: z.string(), id: z.string(), type: z.string() })),
  formAction: z.string().nullable(),
  /** What the journey did, e.g. 'typed the credentials', 'none'. */
  action: z.string(),
  screenshot: z.string().nullable(),
  atMs: z.number(),
});
export type PageVisit = z.infer<typeof pageVisitSchema>;
