import type { RouteEvidence } from '../../contracts/evidence';
import { hostOf, stsHost } from './addresses';
import { excerpt } from './wording';

/** One error message: that reached the browser, or stands in a server's event log. */
export interface ErrorText {
  /** Whose page, address or log carried it. */
  readonly side: 'sts' | 'relying-party';
  readonly text: string;
  readonly ref: string;
}

/** A known meaning found in the texts, by number or by sentence. */
export interface CodeFound {
  readonly code: string;
  readonly said: string;
  readonly ref: string;
}

/** The order in which CRM's token handler (WIF) checks a token: a later code refutes all earlier causes (field guide §16). */
const tokenCheckOrder = ['decrypt', 'signature', 'time', 'audience', 'certificate', 'issuer'] as const;
export type TokenCheck = (typeof tokenCheckOrder)[number];

interface Meaning {
  readonly check: TokenCheck;
  /** Numbers may be missing and texts differ between versions, so the sentence counts as well (field guide §10). */
  readonly sentences: readonly RegExp[];
}

const meanings: Readonly<Record<string, Meaning>> = {
  ID4022: {
    check: 'decrypt',
    sentences: [/key needed to decrypt the encrypted security token could not be resolved/i, /encrypted security token .{0,60}could not be decrypted/i],
  },
  ID4036: { check: 'decrypt', sentences: [/key needed to decrypt .{0,80}could not be resolved from the following security key identifier/i] },
  ID4220: { check: 'signature', sentences: [/SAML Assertion is either not signed or the signature\W?s KeyIdentifier cannot be resolved/i] },
  ID4037: { check: 'signature', sentences: [/key needed to verify the signature could not be resolved/i] },
  ID4222: { check: 'time', sentences: [/NotBefore\W{0,3} condition is not satisfied/i] },
  ID4223: { check: 'time', sentences: [/NotOnOrAfter\W{0,3} condition is not satisfied/i] },
  ID4147: { check: 'time', sentences: [] },
  ID4148: { check: 'time', sentences: [] },
  ID1038: { check: 'audience', sentences: [/AudienceRestriction\w* was not valid/i, /specified Audience is not present in AudienceUris/i] },
  ID4257: { check: 'certificate', sentences: [] },
  ID4070: { check: 'certificate', sentences: [] },
  ID4175: { check: 'issuer', sentences: [/issuer of the security token was not recognized by the IssuerNameRegistry/i] },
};

/** What error messages are read from; `serverEvents` is there when an event log was given. */
export type ErrorSources = Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages'> & Partial<Pick<RouteEvidence, 'serverEvents'>>;

/** Where a code stands, as the beginning of a claim: "The page", or the log of the server. */
export const carrierOf = ({ ref }: CodeFound, page = 'The page'): string => (inServerLog(ref) ? "The server's event log" : page);
export const inServerLog = (ref: string): boolean => ref.startsWith('server-event:');

/**
 * All error messages of pages, addresses and event logs, told apart by whose they are. Documents without an error status are read too: CRM's error page
 * is a 200.
 */
export function errorTexts(evidence: ErrorSources): readonly ErrorText[] {
  const sts = stsHost(evidence);
  const sideOf = (url: string): ErrorText['side'] => (hostOf(url) === sts ? 'sts' : 'relying-party');
  const ofExchanges = evidence.exchanges.flatMap((exchange) => {
    const crm = exchange.crmError ? [exchange.crmError.text, exchange.crmError.errorCode] : [];
    const document = exchange.document ? [exchange.document.title, exchange.document.text] : [];
    return [...crm, ...document]
      .filter((text) => text !== null && text !== '')
      .map((text) => ({ side: sideOf(exchange.url), text: String(text), ref: `exchange:${exchange.seq}` }));
  });
  const ofPages = evidence.pages.flatMap((page) =>
    [...Object.values(page.texts), ...page.codes, page.title]
      .filter((text) => text !== '')
      .map((text) => ({ side: sideOf(page.url), text, ref: `page:${page.n}` })),
  );
  return [...ofPages, ...ofExchanges, ...eventTexts(evidence)];
}

/**
 * The event log's part. KB 2686840 found ID4175 in the AD FS log although its stack is CRM's: AD FS that does not know an issuer gives CRM no token, so
 * beside a token that reached CRM this code is about CRM, whichever log has it; unless AD FS's own code stands in its text, which refused an upstream provider.
 */
export function eventTexts({ serverEvents = [] }: Partial<Pick<RouteEvidence, 'serverEvents'>>): readonly ErrorText[] {
  return serverEvents.map(({ n, side, text, codes }) => ({
    side: side === 'sts' && codes.includes('ID4175') && !/Microsoft\.IdentityServer/.test(text) ? 'relying-party' : side,
    text: `${text} ${codes.filter((code) => !text.includes(code)).join(' ')}`.trim(),
    ref: `server-event:${n}`,
  }));
}

/** The token-check code CRM's answer or log carries, the last check when several appear; null when none does. */
export function tokenCheckCode(texts: readonly ErrorText[]): (CodeFound & { readonly check: TokenCheck }) | null {
  const hits = Object.entries(meanings).flatMap(([code, { check, sentences }]) =>
    texts
      .filter(
        ({ side, text }) => side === 'relying-party' && (new RegExp(`\\b${code}\\b`, 'i').test(text) || sentences.some((sentence) => sentence.test(text))),
      )
      .map(({ text, ref }) => ({ code, check, said: excerpt(sentenceAround(text, code, sentences)), ref })),
  );
  return hits.sort((a, b) => tokenCheckOrder.indexOf(b.check) - tokenCheckOrder.indexOf(a.check) || b.said.length - a.said.length)[0] ?? null;
}

/** First occurrence of one of these codes (MSIS7007, 0x80040203 …) on one side of the flow. */
export function codeOn(side: ErrorText['side'], texts: readonly ErrorText[], ...codes: readonly string[]): CodeFound | null {
  const hits = codes.flatMap((code) =>
    texts
      .filter((entry) => entry.side === side && new RegExp(`\\b${code}\\b`, 'i').test(entry.text))
      .map(({ text, ref }) => ({ code, said: excerpt(sentenceAround(text, code, [])), ref })),
  );
  return hits.sort((a, b) => b.said.length - a.said.length)[0] ?? null;
}

/** The part of a long text that carries the code. */
function sentenceAround(text: string, code: string, sentences: readonly RegExp[]): string {
  const at = [text.search(new RegExp(`\\b${code}\\b`, 'i')), ...sentences.map((sentence) => text.search(sentence))].filter((index) => index >= 0);
  return text.slice(Math.max(0, Math.min(...at)));
}
