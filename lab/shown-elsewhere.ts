import type { CauseId } from '../contracts/causes';

/**
 * Causes that no lab on loopback can produce by their mechanism, and the test that shows them otherwise. null = none yet: NTLM is forbidden by a policy of a
 * domain's controllers.
 */
export const shownElsewhere = {
  'kerberos-encryption-type-refused': 'probes/journey/kerberos.lab.ts',
  'local-network-access-denied': 'diagnosis/local-network-words.lab.ts',
  'ntlm-refused-by-policy': null,
} as const satisfies Partial<Record<CauseId, string | null>>;
