import type { FaultId } from './lab-types';

/**
 * Faults that can stand in the lab side by side without one undoing the other, in the order in which a sign-in meets them over either
 * route: CRM's first answer, the way to AD FS, its page, the credentials, its token pipeline (a second factor is asked for before
 * authorization is judged), then CRM's checks of the token one after the other (decrypt, time, audience, issuer), then its user. Of two of
 * them the sign-in ends at the earlier one; the later one is masked.
 */
export const maskingOrder: readonly FaultId[] = [
  'crm-app-pool-down',
  'crm-claims-disabled-or-half-reconfigured',
  'dns-missing-or-wrong-target',
  'tls-cert-expired',
  'adfs-service-down',
  'malformed-passive-request',
  'wrong-password',
  'mfa-required-for-probe',
  'adfs-issuance-authorization-denied',
  'crm-encryption-cert-changed-rp-stale',
  'clock-skew-crm-vs-adfs',
  'audience-realm-mismatch',
  'adfs-signing-cert-rolled',
  'crm-user-missing-disabled-or-no-role',
];

/** Every two of them, the one that is met first. */
export const maskingPairs: readonly (readonly [FaultId, FaultId])[] = maskingOrder.flatMap((first, index) =>
  maskingOrder.slice(index + 1).map((second) => [first, second] as const),
);
