/** A claim's references (`exchange:7`, `certificate:<sha1>`, …) as words. */
import { shorten } from '../safe-text';

/** `8F31 2C90 …` for a thumbprint: its first eight digits, enough to tell certificates apart at a glance. */
export const shortThumbprint = (sha1: string): string => `${shorten(sha1, 9).replace(/…$/, '').slice(0, 8)}…`;

/** A map, not an object: a report that somebody changed may name `__proto__`. */
const named: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'metadata:sts': 'AD FS metadata',
    'metadata:crm': 'CRM metadata',
    wsdl: 'CRM’s WSDL',
    token: 'token',
    'last-good': 'last good sign-in',
    'repair-on-record': 'repair on record',
    whoami: 'WhoAmI',
  }),
);

/** `exchange:7` → `exchange 7`; an unknown reference is shown as it is. */
export const referenceLabel = (reference: string): string => {
  const known = named.get(reference);
  if (known) return known;
  const colon = reference.indexOf(':');
  if (colon < 0) return reference;
  const [kind, value] = [reference.slice(0, colon), reference.slice(colon + 1)];
  if (kind === 'server-event') return `event ${value} of the server’s log`;
  return kind === 'certificate' ? `certificate ${shortThumbprint(value)}` : `${kind === 'tls' ? 'TLS' : kind === 'dns' ? 'DNS' : kind} ${value}`;
};

/** Microsoft's page of a knowledge base article, or null where the number is not a number. */
export const kbAddress = (kb: string): string | null => (/^\d{5,8}$/.test(kb) ? `https://support.microsoft.com/help/${kb}` : null);
