import type { CauseId } from '../../contracts/causes';
import type { DefinedRule } from '../define-rule';
import { adfsIssuerNameChanged } from './adfs-issuer-name-changed';
import { adfsLoopDetectedMsis7042 } from './adfs-loop-detected-msis7042';
import { adfsServiceDown } from './adfs-service-down';
import { adfsSigningCertRolled } from './adfs-signing-cert-rolled';
import { adfsSigningCertSecondaryPending } from './adfs-signing-cert-secondary-pending';
import { audienceRealmMismatch } from './audience-realm-mismatch';
import { clockSkewCrmVsAdfs } from './clock-skew-crm-vs-adfs';
import { cookiesBlockedOrContextLost } from './cookies-blocked-or-context-lost';
import { crmAppPoolDown } from './crm-app-pool-down';
import { crmEncryptionCertChangedRpStale } from './crm-encryption-cert-changed-rp-stale';
import { dnsMissingOrWrongTarget } from './dns-missing-or-wrong-target';
import { mfaRequiredForProbe } from './mfa-required-for-probe';
import { rpIdentifierMissing } from './rp-identifier-missing';
import { tlsCertExpired } from './tls-cert-expired';
import { tlsUntrustedChain } from './tls-untrusted-chain';
import { wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';
import { wrongPassword } from './wrong-password';

/** Every cause with its rule; a new id without a rule does not compile. */
export const rules: Readonly<Record<CauseId, DefinedRule>> = {
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
