import type { CauseId } from '../../contracts/causes';
import type { Route, Verdict } from '../../contracts/words';

interface Expectation {
  /** Over which routes the cause shows itself; over the others sign-in stays as it is. Both unless given. */
  readonly routes?: readonly Route[];
  /** `broken` unless given. */
  readonly verdict?: Verdict;
  /** The more general cause that nothing a browser sees can part from this one: it may be named first, with this one after it as suspected. */
  readonly behind?: CauseId;
}

/** What a fault of the lab must lead to, where it is not simply broken over both routes. */
const expectations: Partial<Record<CauseId, Expectation>> = {
  'adfs-signing-cert-secondary-pending': { verdict: 'at-risk' },
  'adfs-decrypting-cert-rolled': { verdict: 'at-risk' },
  'wia-user-agent-not-supported': { routes: ['internal'], verdict: 'at-risk' },
  'wia-extended-protection-tls-interception': { routes: ['internal'] },
  'wia-intranet-zone-not-configured': { routes: ['internal'], verdict: 'unknown' },
  'ntlm-loopback-check': { routes: ['internal'] },
  'session-lifetime-reprompt': { verdict: 'at-risk' },
  'upn-or-account-renamed-lsa-cache': { behind: 'crm-user-missing-disabled-or-no-role' },
  // The probe's own account says nothing of other people's.
  'wrong-password': { verdict: 'unknown' },
  'password-expired-or-must-change': { verdict: 'unknown' },
  'account-locked-disabled-restricted': { verdict: 'unknown', behind: 'wrong-password' },
  'requested-auth-method-not-enabled': { routes: ['ifd'] },
  // Windows sign-in needs no logon of AD FS on behalf of the user.
  'adfs-s4u-silent-loop': { routes: ['ifd'] },
  'wia-spn-missing-or-duplicate': { routes: ['internal'] },
  // The address of the internal route is not put together from IFD's domains.
  'crm-ifd-domain-malformed': { routes: ['ifd'] },
  // One host name of several is unbound.
  'iis-binding-host-header': { routes: ['ifd'] },
  // The internal address keeps its cookie to itself, and Windows sign-in would not ask a person again.
  'msisauth-cookie-collision': { routes: ['ifd'] },
};

export const showsOver = (id: CauseId): readonly Route[] => expectations[id]?.routes ?? ['internal', 'ifd'];
export const expectedVerdict = (id: CauseId): Verdict => expectations[id]?.verdict ?? 'broken';
export const mayStandBehind = (id: CauseId): CauseId | null => expectations[id]?.behind ?? null;
