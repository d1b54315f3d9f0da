import type { Fault, FaultId } from '../lab-types';
import { fault as accountLockedDisabledRestricted } from './account-locked-disabled-restricted';
import { fault as adfsDecryptingCertRolled } from './adfs-decrypting-cert-rolled';
import { fault as adfsDirectoryFailure } from './adfs-directory-failure';
import { fault as adfsFarmNodesInconsistent } from './adfs-farm-nodes-inconsistent';
import { fault as adfsIssuanceAuthorizationDenied } from './adfs-issuance-authorization-denied';
import { fault as adfsIssuerNameChanged } from './adfs-issuer-name-changed';
import { fault as adfsLoopDetectedMsis7042 } from './adfs-loop-detected-msis7042';
import { fault as adfsS4uSilentLoop } from './adfs-s4u-silent-loop';
import { fault as adfsServiceDown } from './adfs-service-down';
import { fault as adfsSigningCertExpired } from './adfs-signing-cert-expired';
import { fault as adfsSigningCertRolled } from './adfs-signing-cert-rolled';
import { fault as adfsSigningCertSecondaryPending } from './adfs-signing-cert-secondary-pending';
import { fault as audienceRealmMismatch } from './audience-realm-mismatch';
import { fault as claimRulesMissingUpn } from './claim-rules-missing-upn';
import { fault as claimsProviderCertificateUnknown } from './claims-provider-certificate-unknown';
import { fault as claimsProviderMethodRefused } from './claims-provider-method-refused';
import { fault as clockSkewCrmVsAdfs } from './clock-skew-crm-vs-adfs';
import { fault as cookiesBlockedOrContextLost } from './cookies-blocked-or-context-lost';
import { fault as crmAppPoolDown } from './crm-app-pool-down';
import { fault as crmClaimsDisabledOrHalfReconfigured } from './crm-claims-disabled-or-half-reconfigured';
import { fault as crmEncryptionCertChangedRpStale } from './crm-encryption-cert-changed-rp-stale';
import { fault as crmEncryptionCertExpiredOrRevoked } from './crm-encryption-cert-expired-or-revoked';
import { fault as crmEncryptionKeyInaccessible } from './crm-encryption-key-inaccessible';
import { fault as crmIfdDomainMalformed } from './crm-ifd-domain-malformed';
import { fault as crmInternalError } from './crm-internal-error';
import { fault as crmOrganizationDisabled } from './crm-organization-disabled';
import { fault as crmUserMissingDisabledOrNoRole } from './crm-user-missing-disabled-or-no-role';
import { fault as crmValidatesSigningChain } from './crm-validates-signing-chain';
import { fault as dnsMissingOrWrongTarget } from './dns-missing-or-wrong-target';
import { fault as farmSessionKeyMismatch } from './farm-session-key-mismatch';
import { fault as hrdPageShown } from './hrd-page-shown';
import { fault as iisBindingHostHeader } from './iis-binding-host-header';
import { fault as malformedPassiveRequest } from './malformed-passive-request';
import { fault as mfaRequiredForProbe } from './mfa-required-for-probe';
import { fault as msisauthCookieCollision } from './msisauth-cookie-collision';
import { fault as ntlmLoopbackCheck } from './ntlm-loopback-check';
import { fault as passwordExpiredOrMustChange } from './password-expired-or-must-change';
import { fault as proxyClockSkew } from './proxy-clock-skew';
import { fault as requestHeaderTooLong } from './request-header-too-long';
import { fault as requestedAuthMethodNotEnabled } from './requested-auth-method-not-enabled';
import { fault as rpIdentifierMissing } from './rp-identifier-missing';
import { fault as rpPassiveEndpointMismatch } from './rp-passive-endpoint-mismatch';
import { fault as rpTrustDisabled } from './rp-trust-disabled';
import { fault as sessionLifetimeReprompt } from './session-lifetime-reprompt';
import { fault as tlsCertExpired } from './tls-cert-expired';
import { fault as tlsNameMismatch } from './tls-name-mismatch';
import { fault as tlsProtocolDisabled } from './tls-protocol-disabled';
import { fault as tlsUntrustedChain } from './tls-untrusted-chain';
import { fault as tokenPostBlocked } from './token-post-blocked';
import { fault as tokenReplayed } from './token-replayed';
import { fault as upnOrAccountRenamedLsaCache } from './upn-or-account-renamed-lsa-cache';
import { fault as wapCongestionOrAdfsSlow } from './wap-congestion-or-adfs-slow';
import { fault as wapPreauthentication } from './wap-preauthentication';
import { fault as wapProxyTrustBroken } from './wap-proxy-trust-broken';
import { fault as wiaExtendedProtectionTlsInterception } from './wia-extended-protection-tls-interception';
import { fault as wiaIntranetZoneNotConfigured } from './wia-intranet-zone-not-configured';
import { fault as wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';
import { fault as wiaUserAgentNotSupported } from './wia-user-agent-not-supported';
import { fault as wrongPassword } from './wrong-password';

/** Made by `npm run generate` from the files beside it: every cause the lab can show, as something that can be done to the lab. */
export const faults: Readonly<Record<FaultId, Fault>> = {
  'adfs-signing-cert-rolled': adfsSigningCertRolled,
  'adfs-signing-cert-secondary-pending': adfsSigningCertSecondaryPending,
  'adfs-signing-cert-expired': adfsSigningCertExpired,
  'adfs-farm-nodes-inconsistent': adfsFarmNodesInconsistent,
  'crm-encryption-cert-changed-rp-stale': crmEncryptionCertChangedRpStale,
  'crm-encryption-cert-expired-or-revoked': crmEncryptionCertExpiredOrRevoked,
  'crm-encryption-key-inaccessible': crmEncryptionKeyInaccessible,
  'adfs-decrypting-cert-rolled': adfsDecryptingCertRolled,
  'crm-validates-signing-chain': crmValidatesSigningChain,
  'adfs-issuer-name-changed': adfsIssuerNameChanged,
  'crm-claims-disabled-or-half-reconfigured': crmClaimsDisabledOrHalfReconfigured,
  'rp-identifier-missing': rpIdentifierMissing,
  'rp-trust-disabled': rpTrustDisabled,
  'adfs-issuance-authorization-denied': adfsIssuanceAuthorizationDenied,
  'rp-passive-endpoint-mismatch': rpPassiveEndpointMismatch,
  'audience-realm-mismatch': audienceRealmMismatch,
  'malformed-passive-request': malformedPassiveRequest,
  'claim-rules-missing-upn': claimRulesMissingUpn,
  'requested-auth-method-not-enabled': requestedAuthMethodNotEnabled,
  'clock-skew-crm-vs-adfs': clockSkewCrmVsAdfs,
  'session-lifetime-reprompt': sessionLifetimeReprompt,
  'wrong-password': wrongPassword,
  'account-locked-disabled-restricted': accountLockedDisabledRestricted,
  'password-expired-or-must-change': passwordExpiredOrMustChange,
  'adfs-s4u-silent-loop': adfsS4uSilentLoop,
  'crm-user-missing-disabled-or-no-role': crmUserMissingDisabledOrNoRole,
  'upn-or-account-renamed-lsa-cache': upnOrAccountRenamedLsaCache,
  'mfa-required-for-probe': mfaRequiredForProbe,
  'hrd-page-shown': hrdPageShown,
  'wia-spn-missing-or-duplicate': wiaSpnMissingOrDuplicate,
  'wia-extended-protection-tls-interception': wiaExtendedProtectionTlsInterception,
  'wia-user-agent-not-supported': wiaUserAgentNotSupported,
  'wia-intranet-zone-not-configured': wiaIntranetZoneNotConfigured,
  'ntlm-loopback-check': ntlmLoopbackCheck,
  'request-header-too-long': requestHeaderTooLong,
  'tls-cert-expired': tlsCertExpired,
  'tls-name-mismatch': tlsNameMismatch,
  'tls-untrusted-chain': tlsUntrustedChain,
  'tls-protocol-disabled': tlsProtocolDisabled,
  'dns-missing-or-wrong-target': dnsMissingOrWrongTarget,
  'wap-proxy-trust-broken': wapProxyTrustBroken,
  'adfs-service-down': adfsServiceDown,
  'wap-congestion-or-adfs-slow': wapCongestionOrAdfsSlow,
  'crm-app-pool-down': crmAppPoolDown,
  'iis-binding-host-header': iisBindingHostHeader,
  'crm-organization-disabled': crmOrganizationDisabled,
  'crm-internal-error': crmInternalError,
  'msisauth-cookie-collision': msisauthCookieCollision,
  'cookies-blocked-or-context-lost': cookiesBlockedOrContextLost,
  'farm-session-key-mismatch': farmSessionKeyMismatch,
  'adfs-loop-detected-msis7042': adfsLoopDetectedMsis7042,
  'token-post-blocked': tokenPostBlocked,
  'crm-ifd-domain-malformed': crmIfdDomainMalformed,
  'claims-provider-certificate-unknown': claimsProviderCertificateUnknown,
  'claims-provider-method-refused': claimsProviderMethodRefused,
  'adfs-directory-failure': adfsDirectoryFailure,
  'wap-preauthentication': wapPreauthentication,
  'token-replayed': tokenReplayed,
  'proxy-clock-skew': proxyClockSkew,
};
export const faultIds = Object.keys(faults) as readonly FaultId[];
