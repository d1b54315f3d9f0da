import type { RouteEvidence } from '../../contracts/evidence';

/** The realm of the sign-in: what CRM asked for, what the token is for, what CRM says it answers for. */
export interface Realm {
  /** wtrealm of the last redirect to the STS. */
  readonly wtrealm: string | null;
  /** AppliesTo of the token (outside the ciphertext), or the audience of a clear one. */
  readonly appliesTo: string | null;
  readonly scopes: readonly string[];
  readonly state:
    /** AppliesTo is among the scopes, character for character. */
    | 'in-scopes'
    /** The same address but for case or a trailing slash, and it is what CRM itself asked for: whether CRM minds cannot be seen. */
    | 'differs-in-writing'
    | 'not-in-scopes'
    | 'unknown';
  /** The realm CRM asked for signed in before, with the same scopes. */
  readonly asLastGood: boolean;
}

/** Reads the realm; the match is exact, case and trailing slash count (field guide §1.3). */
export function realm(evidence: Pick<RouteEvidence, 'exchanges' | 'token' | 'crmMetadata' | 'lastGood'>): Realm {
  const wtrealm = evidence.exchanges.findLast(({ wsfed, method }) => method === 'GET' && wsfed?.wtrealm !== undefined)?.wsfed?.wtrealm ?? null;
  const appliesTo = evidence.token?.audience ?? evidence.token?.appliesTo ?? null;
  const scopes = evidence.crmMetadata?.ok ? evidence.crmMetadata.scopes : [];
  const good = evidence.lastGood;
  const asLastGood =
    good !== null &&
    wtrealm !== null &&
    good.wtrealm === wtrealm &&
    appliesTo === wtrealm &&
    (scopes.length === 0 || [...good.crmScopes].sort().join(' ') === [...scopes].sort().join(' '));
  return { wtrealm, appliesTo, scopes, state: compare(appliesTo, wtrealm, scopes), asLastGood };
}

function compare(appliesTo: string | null, wtrealm: string | null, scopes: readonly string[]): Realm['state'] {
  if (appliesTo === null || scopes.length === 0) return 'unknown';
  if (scopes.includes(appliesTo)) return 'in-scopes';
  const loosely = (address: string): string => address.toLowerCase().replace(/\/$/, '');
  return appliesTo === wtrealm && scopes.some((scope) => loosely(scope) === loosely(appliesTo)) ? 'differs-in-writing' : 'not-in-scopes';
}

/** Whether the realm of this run, and what CRM publishes, are those of the last good sign-in: what parts a trust that was lost from one that never was. */
export function realmHistory(evidence: Pick<RouteEvidence, 'exchanges' | 'token' | 'crmMetadata' | 'lastGood'>): 'as-before' | 'changed' | 'unknown' {
  const { wtrealm, scopes } = realm(evidence);
  const good = evidence.lastGood;
  if (!good?.wtrealm || wtrealm === null) return 'unknown';
  const sameScopes = scopes.length === 0 || [...good.crmScopes].sort().join(' ') === [...scopes].sort().join(' ');
  return good.wtrealm === wtrealm && sameScopes ? 'as-before' : 'changed';
}
