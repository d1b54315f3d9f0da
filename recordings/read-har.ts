/** A HAR saved from a browser's developer tools, by anyone whose sign-in failed, as evidence: as far as it reaches. */
import { type Evidence, type RouteEvidence, routeEvidenceSchema } from '../contracts/evidence';
import { crmErrorOf } from '../pages/crm-error-address';
import type { PageFacts } from '../pages/page-facts';
import { clocksOf } from './clocks';
import { type Document, documentsOf } from './documents';
import { exchangesOf } from './exchanges';
import { type Flow, followFlow } from './flow';
import { type Har, openHar } from './har-entries';
import { readHtml } from './html-reading';
import { missingIn } from './missing';
import { failedBeforeSts, type RecordedSignIn, recordedSignIns } from './parties';
import type { Redactor } from './redactor';
import { registerSecrets } from './secrets';
import { retrace } from './retrace';
import { tokenOf } from './token';

export interface HarOptions {
  /** A fresh one: the recording's secrets are registered with it. */
  readonly redactor: Redactor;
  /** This program's version, for the run's facts. */
  readonly tool: string;
}
export type HarEvidence = { readonly ok: true; readonly evidence: Evidence } | { readonly ok: false; readonly why: string };

/**
 * Reads a HAR 1.2 of Chrome, Edge, Firefox, Safari or Playwright, or the export of SAML-tracer or SAML Chrome Panel: one result per sign-in route in it.
 * Nothing secret of it reaches the evidence; what a HAR cannot have is null and named in `captureErrors`.
 * @returns the evidence, or in one sentence why there is none (broken, foreign, without a WS-Federation sign-in). Never throws.
 */
export function readHar(file: Buffer | string, { redactor, tool }: HarOptions): HarEvidence {
  const har = openHar(file);
  if (!har.ok) return { ok: false, why: `expected a HAR, but ${har.why}.` };
  registerSecrets(har.entries, redactor);
  const documents = documentsOf(har.entries);
  const found = recordedSignIns(documents);
  const early = found.length === 0 ? failedBeforeSts(documents) : null;
  const signIns = early ? [early] : found;
  if (signIns.length === 0) return { ok: false, why: nothingIn(documents, redactor) };
  const results = signIns.map((signIn) => routeEvidence(signIn, har, redactor));
  const startedAt = results[0]?.startedAt ?? instant(0);
  return {
    ok: true,
    evidence: {
      schema: 1,
      run: {
        id: `har-${startedAt.replace(/[-:]/g, '').slice(0, 15)}Z`,
        startedAt,
        finishedAt: results.at(-1)?.finishedAt ?? startedAt,
        label: null,
        location: null,
        tool,
        browser: redactor.text(har.browser),
      },
      results,
    },
  };
}

const instant = (ms: number): string => new Date(ms).toISOString();

/** A recording that began too late often still shows CRM's error, which is worth saying. */
function nothingIn(documents: readonly Document[], redactor: Redactor): string {
  const error = documents.map(({ url }) => crmErrorOf(url, (text) => redactor.text(text))?.text ?? null).findLast((each) => each !== null);
  const seen = error === undefined || error === null ? '' : ` It does show CRM's error page: "${error.replace(/\s+/g, ' ').trim().slice(0, 200)}".`;
  return (
    `expected a WS-Federation sign-in (an address with wa=wsignin1.0 and wtrealm), found none among ${documents.length} documents.${seen} Record ` +
    `again: open the developer tools first, switch "Preserve log" (Firefox: "Persist Logs") on, then open CRM's address and sign in.`
  );
}

function routeEvidence(signIn: RecordedSignIn, har: Har, redactor: Redactor): RouteEvidence {
  const flow = followFlow(signIn);
  const read = new Map<Document, PageFacts | null>();
  const factsOf = (document: Document): PageFacts | null => {
    const known = read.get(document);
    if (known !== undefined) return known;
    const isHtml = document.content !== null && (/html|text\/plain/i.test(document.contentType ?? 'html') || /^\s*</.test(document.content));
    const facts = isHtml ? readHtml(document.content ?? '', document.url) : null;
    read.set(document, facts);
    return facts;
  };
  const zeroMs = flow.documents[0]?.document.startedMs ?? har.entries[0]?.startedMs ?? 0;
  const endMs = flow.documents.reduce((latest, { document }) => Math.max(latest, document.startedMs + (document.durationMs ?? 0)), zeroMs);
  const exchanges = exchangesOf(flow, factsOf, zeroMs, redactor);
  const token = tokenOf(flow, redactor);
  const { journey, pages, method } = retrace({ flow, har, factsOf, exchanges, zeroMs, crmOrigin: new URL(signIn.crmUrl).origin, redactor });
  const evidence: (typeof routeEvidenceSchema)['_input'] = {
    target: new URL(signIn.crmUrl).hostname,
    route: signIn.route,
    settings: {
      url: redactor.url(signIn.crmUrl),
      stsOrigin: signIn.stsOrigin,
      account: accountOf(flow, redactor) ?? (method === 'windows' ? 'the Windows account of whoever recorded the HAR' : 'not in the HAR'),
      windowsCurrent: false,
      expect: { user: null, organization: null },
      api: false,
      rollover: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
      warnDays: 30,
    },
    startedAt: instant(zeroMs),
    finishedAt: instant(endMs),
    method,
    journey,
    pages,
    exchanges,
    token,
    stsMetadata: null,
    crmMetadata: null,
    wsdl: null,
    whoAmI: null,
    tls: [],
    dns: [],
    clocks: clocksOf(exchanges, token, zeroMs),
    lastGood: null,
    repairOnRecord: null,
    screenshots: [],
    console: [],
    captureErrors: missingIn(har, flow, signIn.tries),
    timings: timingsOf(flow, endMs - zeroMs),
  };
  // Fills in what only other sources have: nothing.
  return routeEvidenceSchema.parse(evidence);
}

/** The user name typed into the form. */
function accountOf({ documents }: Flow, redactor: Redactor): string | null {
  const submitted = documents.findLast(({ submitsForm }) => submitsForm)?.document.body ?? '';
  const user = [...new URLSearchParams(submitted)].find(
    ([name, value]) => /user|login|e-?mail|account|upn/i.test(name) && !/method|pass/i.test(name) && value !== '',
  );
  return user ? redactor.text(user[1]).slice(0, 100) : null;
}

function timingsOf({ documents }: Flow, totalMs: number): RouteEvidence['timings'] {
  const spent = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length > 0 ? Math.round(known.reduce((sum, each) => sum + each, 0)) : null;
  };
  const durations = (...steps: readonly string[]): number | null =>
    spent(documents.filter(({ step }) => steps.includes(step)).map(({ document }) => document.durationMs));
  return {
    totalMs: Math.round(totalMs),
    dnsMs: spent(documents.map(({ document }) => document.dnsMs)),
    tlsMs: spent(documents.map(({ document }) => document.tlsMs)),
    stsMs: durations('sts-page', 'credentials', 'token-issue'),
    tokenPostMs: durations('token-post'),
    crmPageMs: durations('crm-session', 'crm-page'),
  };
}
