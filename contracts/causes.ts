/** The causes signin-probe knows: one spelling for rule, test, lab fault, handbook page and report anchor. */
export const causeIds = [
  'adfs-signing-cert-rolled',
  'adfs-signing-cert-secondary-pending',
  'crm-encryption-cert-changed-rp-stale',
  'adfs-issuer-name-changed',
  'rp-identifier-missing',
  'audience-realm-mismatch',
  'clock-skew-crm-vs-adfs',
  'wrong-password',
  'mfa-required-for-probe',
  'wia-spn-missing-or-duplicate',
  'tls-cert-expired',
  'tls-untrusted-chain',
  'dns-missing-or-wrong-target',
  'adfs-service-down',
  'crm-app-pool-down',
  'cookies-blocked-or-context-lost',
  'adfs-loop-detected-msis7042',
] as const;
export type CauseId = (typeof causeIds)[number];
