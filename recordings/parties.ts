/** Who takes part in a recorded sign-in: the relying party (CRM), its STS, and over which route. */
import type { WsfedParameters } from '../contracts/evidence';
import type { Route } from '../contracts/words';
import { wctxParts, wsfedParameters } from '../federation/wsfed-parameters';
import type { Document } from './documents';

interface Parties {
  readonly stsOrigin: string;
  /** The address the user asked CRM for; of the realm when the recording begins at the STS. */
  readonly crmUrl: string;
  readonly route: Route;
}

/** One sign-in (or several tries at it) over one route, with its documents. */
export interface RecordedSignIn extends Parties {
  readonly documents: readonly Document[];
  /** Sign-ins the user began within these documents; the last one is in them, the earlier ones were left out. */
  readonly tries: number;
}

/** `wa=wsignin1.0` with a realm and without a token, in an address or a Location. */
export function signInRequest(address: string | null): (WsfedParameters & { readonly wtrealm: string }) | null {
  if (address === null || !URL.canParse(address)) return null;
  const wsfed = wsfedParameters(new URL(address).search.slice(1));
  if (wsfed?.wa?.toLowerCase() !== 'wsignin1.0' || wsfed.wtrealm === undefined || wsfed.wresultBytes !== undefined) return null;
  return { ...wsfed, wtrealm: wsfed.wtrealm };
}

export const carriesToken = (body: string | null): boolean => body !== null && /(^|&)(wresult|SAMLResponse)=/i.test(body);
const originOf = (address: string): string => new URL(address).origin;

/**
 * What the realm asks for says the route: the method CRM demands, else how it writes its return address (field guide §1.2), else the address itself: an
 * IFD's has the organization in its host (org.contoso.com/main.aspx), the internal one in its path (crm/org/main.aspx).
 */
function routeOf({ wauth, wctx }: WsfedParameters, crmUrl: string): Route {
  if (/(:|\/)windows$/i.test(wauth ?? '')) return 'internal';
  if (/password/i.test(wauth ?? '')) return 'ifd';
  const ru = wctx === undefined ? null : wctxParts(wctx).ru;
  if (ru !== null && /^https?:/i.test(ru)) return 'ifd';
  return ru === null ? routeByHost(crmUrl) : 'internal';
}

const routeByHost = (address: string): Route => (/^\/(main|default|home)\.aspx$/i.test(new URL(address).pathname) ? 'ifd' : 'internal');

/** WAP's own pre-authentication: `realm=urn:AppProxy:com` with the address that was asked for. */
function preAuthentication(address: string | null): { readonly returnUrl: string | null } | null {
  if (address === null || !URL.canParse(address)) return null;
  const query = new URLSearchParams([...new URL(address).searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const realm = query.get('realm') ?? query.get('wtrealm');
  return realm?.toLowerCase() === 'urn:appproxy:com' ? { returnUrl: query.get('returnurl') } : null;
}

/** A recording that fails before any request of CRM's to its STS: at the proxy's pre-authentication, or at CRM's first answer. Null where nothing failed. */
export function failedBeforeSts(documents: readonly Document[]): RecordedSignIn | null {
  if (documents.some(({ body }) => carriesToken(body))) return null;
  for (const { url, location } of documents)
    for (const address of [location, url]) {
      const asked = preAuthentication(address);
      if (!asked || address === null) continue;
      const first = documents[0]?.url ?? address;
      const crmUrl = asked.returnUrl !== null && URL.canParse(asked.returnUrl) ? asked.returnUrl : first;
      return { stsOrigin: originOf(address), crmUrl, route: routeByHost(crmUrl), documents, tries: 1 };
    }
  const last = documents.findLast(({ url }) => !signsOut(url));
  if (!last || last.location !== null || (last.status !== null && last.status < 400)) return null;
  const { url: crmUrl } = firstOfChain(last);
  return { stsOrigin: 'not in the recording', crmUrl, route: routeByHost(crmUrl), documents, tries: 1 };
}

/**
 * Finds the sign-ins in a recording. The first STS a relying party sends the browser to is its STS; where that one sends the browser on (to another
 * claims provider) is its own business. A route of its own, or another STS, is a sign-in of its own.
 */
export function recordedSignIns(documents: readonly Document[]): readonly RecordedSignIn[] {
  const found: { parties: Parties; from: number }[] = [];
  const stses = new Set<string>();
  for (const [index, document] of documents.entries()) {
    const inAddress = signInRequest(document.url);
    const inLocation = signInRequest(document.location);
    const asked = inLocation ?? inAddress;
    const sts = inLocation ? originOf(document.location ?? '') : originOf(document.url);
    if (!asked) continue;
    const sentBySts = inLocation !== null && (stses.has(originOf(document.url)) || (inAddress !== null && stses.size > 0));
    if (sentBySts) continue;
    const crmUrl = crmUrlOf(document, asked, inLocation !== null);
    const parties: Parties = { stsOrigin: sts, crmUrl, route: routeOf(asked, crmUrl) };
    const last = found.at(-1)?.parties;
    if (last && last.stsOrigin === sts && last.route === parties.route) continue;
    stses.add(sts);
    found.push({ parties, from: found.length === 0 ? 0 : chainStart(documents, index) });
  }
  if (found.length === 0) {
    const parties = partiesOfToken(documents);
    if (parties) found.push({ parties, from: 0 });
  }
  return found.map(({ parties, from }, index) => lastTry(parties, documents.slice(from, found[index + 1]?.from)));
}

function crmUrlOf(document: Document, asked: { readonly wtrealm: string; readonly wctx?: string | undefined }, byRedirect: boolean): string {
  if (byRedirect) return firstOfChain(document).url;
  if (document.redirectedFrom) return firstOfChain(document).url;
  const ru = asked.wctx === undefined ? null : wctxParts(asked.wctx).ru;
  if (URL.canParse(asked.wtrealm) && /^https?:/.test(asked.wtrealm))
    return ru !== null && URL.canParse(ru, asked.wtrealm) ? new URL(ru, asked.wtrealm).href : asked.wtrealm;
  return document.url;
}

const firstOfChain = (document: Document): Document => (document.redirectedFrom ? firstOfChain(document.redirectedFrom) : document);
const chainStart = (documents: readonly Document[], index: number): number => {
  const document = documents[index];
  return document ? documents.indexOf(firstOfChain(document)) : index;
};

/** A recording that begins in the middle: the token's POST names its sender. */
function partiesOfToken(documents: readonly Document[]): Parties | null {
  const post = documents.find(({ method, body }) => method === 'POST' && carriesToken(body));
  const sender = [...(post?.sent('origin') ?? []), ...(post?.sent('referer') ?? [])].find((each) => URL.canParse(each) && originOf(each) !== 'null');
  if (!post || sender === undefined) return null;
  const wsfed = wsfedParameters(post.body ?? '');
  return wsfed ? { stsOrigin: originOf(sender), crmUrl: post.url, route: routeOf(wsfed, post.url) } : null;
}

const signsOut = (url: string): boolean => /[?&]wa=wsignout(cleanup)?1\.0/i.test(url);

/**
 * Each time the user asks for CRM anew, or signs out, a new try begins; the last one that reached a sign-in is the one to explain. What follows a
 * sign-out by itself (CRM asks for the next sign-in) is none.
 */
function lastTry(parties: Parties, documents: readonly Document[]): RecordedSignIn {
  const crm = originOf(parties.crmUrl);
  const starts = documents.flatMap((document, index) => {
    const { byUser, redirectedFrom, method, url } = document;
    const anew = byUser === true && redirectedFrom === null && method === 'GET' && originOf(url) === crm;
    const before = documents[index - 1];
    return before && (anew || (signsOut(document.url) && !signsOut(before.url))) ? [index] : [];
  });
  const idle = (part: readonly Document[]): boolean =>
    part[0] !== undefined && signsOut(part[0].url) && part.every(({ method, status }) => method !== 'POST' && status !== null && status < 400);
  const tries = [0, ...starts]
    .map((from, index) => documents.slice(from, starts[index]))
    .filter((part) => part.some((document) => !signsOut(document.url) && (signInRequest(document.url) ?? signInRequest(document.location))));
  const judged = tries.filter((part, index) => index === 0 || !idle(part));
  const signedOutAt = documents.findIndex((document, index) => index > 0 && signsOut(document.url));
  const whole = signedOutAt > 0 ? documents.slice(0, signedOutAt) : documents;
  return { ...parties, documents: judged.at(-1) ?? whole, tries: Math.max(1, judged.length) };
}
