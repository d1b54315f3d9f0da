import type { CauseId } from '../../contracts/causes';
import type { Fault } from '../lab-types';
import { fault as adfsIssuerNameChanged } from './adfs-issuer-name-changed';
import { fault as adfsLoopDetectedMsis7042 } from './adfs-loop-detected-msis7042';
import { fault as adfsServiceDown } from './adfs-service-down';
import { fault as adfsSigningCertRolled } from './adfs-signing-cert-rolled';
import { fault as adfsSigningCertSecondaryPending } from './adfs-signing-cert-secondary-pending';
import { fault as audienceRealmMismatch } from './audience-realm-mismatch';
import { fault as clockSkewCrmVsAdfs } from './clock-skew-crm-vs-adfs';
import { fault as cookiesBlockedOrContextLost } from './cookies-blocked-or-context-lost';
import { fault as crmAppPoolDown } from './crm-app-pool-down';
import { fault as crmEncryptionCertChangedRpStale } from './crm-encryption-cert-changed-rp-stale';
import { fault as dnsMissingOrWrongTarget } from './dns-missing-or-wrong-target';
import { fault as mfaRequiredForProbe } from './mfa-required-for-probe';
import { fault as rpIdentifierMissing } from './rp-identifier-missing';
import { fault as tlsCertExpired } from './tls-cert-expired';
import { fault as tlsUntrustedChain } from './tls-untrusted-chain';
import { fault as wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';
import { fault as wrongPassword } from './wrong-password';

/** Every cause signin-probe knows, as something that can be done to the lab. */
export const faults: Readonly<Record<CauseId, Fault>> = {
  'adfs-signing-cert-rolled': adfsSigningCertRolled,
  'adfs-signing-cert-secondary-pending': adfsSigningCertSecondaryPending,
  'crm-encryption-cert-changed-rp-stale': crmEncryptionCertChangedRpStale,
  'adfs-issuer-name-changed': adfsIssuerNameChanged,
  'rp-identifier-missing': rpIdentifierMissing,
  'audience-realm-mismatch': audienceRealmMismatch,
  'clock-skew-crm-vs-adfs': clockSkewCrmVsAdfs,
  'wrong-password': wrongPassword,
  'mfa-required-for-probe': mfaRequiredForProbe,
  'wia-spn-missing-or-duplicate': wiaSpnMissingOrDuplicate,
  'tls-cert-expired': tlsCertExpired,
  'tls-untrusted-chain': tlsUntrustedChain,
  'dns-missing-or-wrong-target': dnsMissingOrWrongTarget,
  'adfs-service-down': adfsServiceDown,
  'crm-app-pool-down': crmAppPoolDown,
  'cookies-blocked-or-context-lost': cookiesBlockedOrContextLost,
  'adfs-loop-detected-msis7042': adfsLoopDetectedMsis7042,
};
