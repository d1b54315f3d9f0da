import type { CauseId } from '../../contracts/causes';

/** Causes at the STS, or between it and all of CRM: they break every target of the STS, so that one more target is no news. */
const causes: readonly CauseId[] = [
  'adfs-signing-cert-rolled',
  'adfs-signing-cert-secondary-pending',
  'adfs-signing-cert-expired',
  'adfs-farm-nodes-inconsistent',
  'adfs-decrypting-cert-rolled',
  'adfs-issuer-name-changed',
  'adfs-service-down',
  'wap-proxy-trust-broken',
  'wap-congestion-or-adfs-slow',
];

/** True where a cause lies with the STS, not with one CRM, trust or account. */
export const liesWithSts = (cause: string | null): boolean => causes.some((id) => id === cause);

/** What a forecast foretells: AD FS signs with another certificate than CRM knows, or with none that is valid. */
const rollovers: readonly CauseId[] = ['adfs-signing-cert-rolled', 'adfs-signing-cert-expired'];
export const isRollover = (cause: string | null): boolean => rollovers.some((id) => id === cause);
