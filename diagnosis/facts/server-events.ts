import type { CauseId } from '../../contracts/causes';
import type { RouteEvidence, ServerEvent } from '../../contracts/evidence';
import type { Claim } from '../../contracts/report';
import { directoryWords, encryptionTypeWords, ifdAddressWords, methodWords, ntlmBlockedWords, providerCertificateWords, replayWords } from './failure-words';
import { stsPatterns } from './sts-words';
import { excerpt } from './wording';

type Parts = Pick<RouteEvidence, 'serverEvents'>;

/** Types of .NET exceptions, which no language pack translates. */
const exceptionType = /\b(?:[A-Z]\w*\.)*[A-Z]\w*Exception\b/;

/** AD FS's events about the account that signed in: 111 and 342 token validation, 411 and 516 refusal and lockout; 4625 and 4740 are Windows' own. */
const ofAccount: readonly (number | null)[] = [111, 342, 411, 412, 516, 4625, 4740, 4771, 4776];
const accountCauses: readonly CauseId[] = ['wrong-password', 'account-locked-disabled-restricted', 'password-expired-or-must-change'];

/** .NET's words for a private key that cannot be used. */
const keyTexts = /Keyset does not exist|Invalid provider type specified|does not have a private key|key does not exist/i;
/** WIF's and .NET's words for a cookie sealed with another key: DPAPI (ID1073 and its kin) and the machine key. */
export const otherKeyTexts = /Key not valid for use in specified state|Unable to validate data\b|\bID107[34]\b/i;
/** Database and the other surroundings of CRM: they say nothing of a token. */
const surroundings = /\b(?:Sql|OutOfMemory|Timeout|Socket|FileLoad|FileNotFound|TypeLoad|ConfigurationErrors|EndpointNotFound)Exception\b/;

/** The event a server wrote about this sign-in, if it says why: an error or warning with an exception or a code, or one that carries the page's Activity ID. */
export const tellingEvents = ({ serverEvents }: Partial<Parts>): readonly ServerEvent[] =>
  (serverEvents ?? []).filter(
    ({ level, text, codes, matchedBy, source }) =>
      level !== 'information' &&
      (matchedBy === 'activity-id' ||
        ((codes.length > 0 || exceptionType.test(text) || keyTexts.test(text)) && /ASP\.NET|CRM|AD ?FS|Dynamics|^unknown$/i.test(source))),
  );

/** Failures that have a name of their own. */
const namedBy: readonly { readonly side: ServerEvent['side']; readonly words: RegExp; readonly causes: readonly CauseId[] }[] = [
  { side: 'relying-party', words: replayWords, causes: ['token-replayed'] },
  { side: 'relying-party', words: ifdAddressWords, causes: ['crm-ifd-domain-malformed'] },
  { side: 'sts', words: directoryWords, causes: ['adfs-directory-failure'] },
  // Said by AD FS's own code; KB 2686840 found CRM's stack in AD FS's log.
  {
    side: 'sts',
    words: new RegExp(
      `Microsoft\\.IdentityServer[^]*(?:${providerCertificateWords.source})|(?:${providerCertificateWords.source})[^]*Microsoft\\.IdentityServer`,
      'i',
    ),
    causes: ['claims-provider-certificate-unknown'],
  },
  { side: 'sts', words: methodWords, causes: ['claims-provider-method-refused', 'requested-auth-method-not-enabled'] },
  { side: 'sts', words: encryptionTypeWords, causes: ['kerberos-encryption-type-refused'] },
  { side: 'sts', words: ntlmBlockedWords, causes: ['ntlm-refused-by-policy'] },
];

/** Causes an event speaks for by what it is; empty for one that none of the known causes explains. Codes of the token check are read elsewhere. */
export function leadsOf({ side, id, text }: ServerEvent): readonly CauseId[] {
  const named = namedBy.filter((each) => each.side === side && each.words.test(text)).flatMap(({ causes }) => causes);
  if (named.length > 0) return named;
  if (side === 'relying-party')
    return keyTexts.test(text)
      ? ['crm-encryption-key-inaccessible']
      : otherKeyTexts.test(text)
        ? ['farm-session-key-mismatch']
        : surroundings.test(text)
          ? ['crm-internal-error']
          : [];
  if (id === 316 || id === 317) return ['crm-encryption-cert-expired-or-revoked'];
  if (id === 325) return ['adfs-issuance-authorization-denied'];
  if (ofAccount.includes(id)) return accountCauses;
  return [];
}

/** The first event that speaks for a cause, with its words as a claim; null when none does. */
export function eventFor(evidence: Partial<Parts>, cause: CauseId): { readonly event: ServerEvent; readonly said: Claim } | null {
  const event = tellingEvents(evidence).find((each) => leadsOf(each).includes(cause));
  return event ? { event, said: eventClaim(event) } : null;
}

/** "AD FS 317 on ADFS01 says …": an event in its own words. */
export const eventClaim = (event: ServerEvent): Claim => ({
  text: `${eventName(event)} says "${excerpt(innermost(event.text))}".`,
  refs: [`server-event:${event.n}`],
});

/** An exception within others says it best; each stands behind an arrow. */
export const innermost = (text: string): string =>
  /\b(?:ID|MSIS)\d{4}\b/.test(text)
    ? text
    : (text
        .split(/-{2,}>/)
        .at(-1)
        ?.trim() ?? text);

const eventName = ({ source, id, computer }: ServerEvent): string =>
  `The server's event ${source}${id === null ? '' : ` ${id}`}${computer ? ` on ${computer}` : ''}`;

/** NTSTATUS numbers: locked, disabled, account expired, hours, workstation, logon type; password expired, must change. */
const accountStates = { locked: /0xC0000(?:234|072|193|06F|070|15B)\b/i, expired: /0xC0000(?:071|224)\b/i } as const;

/**
 * An event that says the account is locked, disabled or restricted, or its password expired: by number, then by words.
 * Event 516 and 4740 are the lockout itself.
 */
export function accountEvent(evidence: Partial<Parts>, what: 'locked' | 'expired'): ServerEvent | null {
  return (
    tellingEvents(evidence).find(
      ({ id, text }) =>
        ofAccount.includes(id) && (accountStates[what].test(text) || (what === 'locked' && (id === 516 || id === 4740)) || stsPatterns[what].test(text)),
    ) ?? null
  );
}

/**
 * An event on the side where a cause would lie that says something else: it contradicts the cause, whatever made it likely. Null where there is none, or
 * where the cause rests on an event itself. Events about the account contradict nothing: they have no reason in them but the account's.
 */
export function contradicting(evidence: Partial<Parts>, cause: CauseId, side: ServerEvent['side'], refs: readonly string[]): ServerEvent | null {
  const events = tellingEvents(evidence).filter((event) => event.side === side);
  const own = events.some((event) => leadsOf(event).includes(cause) || refs.includes(`server-event:${event.n}`));
  return own ? null : (events.find(({ id }) => side !== 'sts' || !ofAccount.includes(id)) ?? null);
}
