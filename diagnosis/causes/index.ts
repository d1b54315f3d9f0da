import type { CauseId } from '../../contracts/causes';
import type { DefinedRule } from '../define-rule';
import { accountLockedDisabledRestricted } from './account-locked-disabled-restricted';
import { adfsDecryptingCertRolled } from './adfs-decrypting-cert-rolled';
import { adfsDirectoryFailure } from './adfs-directory-failure';
import { adfsFarmNodesInconsistent } from './adfs-farm-nodes-inconsistent';
import { adfsIssuanceAuthorizationDenied } from './adfs-issuance-authorization-denied';
import { adfsIssuerNameChanged } from './adfs-issuer-name-changed';
import { adfsLoopDetectedMsis7042 } from './adfs-loop-detected-msis7042';
import { adfsS4uSilentLoop } from './adfs-s4u-silent-loop';
import { adfsServiceDown } from './adfs-service-down';
import { adfsSigningCertExpired } from './adfs-signing-cert-expired';
import { adfsSigningCertRolled } from './adfs-signing-cert-rolled';
import { adfsSigningCertSecondaryPending } from './adfs-signing-cert-secondary-pending';
import { audienceRealmMismatch } from './audience-realm-mismatch';
import { claimRulesMissingUpn } from './claim-rules-missing-upn';
import { claimsProviderCertificateUnknown } from './claims-provider-certificate-unknown';
import { claimsProviderMethodRefused } from './claims-provider-method-refused';
import { clockSkewCrmVsAdfs } from './clock-skew-crm-vs-adfs';
import { cookiesBlockedOrContextLost } from './cookies-blocked-or-context-lost';
import { crmAppPoolDown } from './crm-app-pool-down';
import { crmClaimsDisabledOrHalfReconfigured } from './crm-claims-disabled-or-half-reconfigured';
import { crmEncryptionCertChangedRpStale } from './crm-encryption-cert-changed-rp-stale';
import { crmEncryptionCertExpiredOrRevoked } from './crm-encryption-cert-expired-or-revoked';
import { crmEncryptionKeyInaccessible } from './crm-encryption-key-inaccessible';
import { crmIfdDomainMalformed } from './crm-ifd-domain-malformed';
import { crmInternalError } from './crm-internal-error';
import { crmOrganizationDisabled } from './crm-organization-disabled';
import { crmUserMissingDisabledOrNoRole } from './crm-user-missing-disabled-or-no-role';
import { crmValidatesSigningChain } from './crm-validates-signing-chain';
import { dnsMissingOrWrongTarget } from './dns-missing-or-wrong-target';
import { farmSessionKeyMismatch } from './farm-session-key-mismatch';
import { hrdPageShown } from './hrd-page-shown';
import { iisBindingHostHeader } from './iis-binding-host-header';
import { kerberosEncryptionTypeRefused } from './kerberos-encryption-type-refused';
import { localNetworkAccessDenied } from './local-network-access-denied';
import { malformedPassiveRequest } from './malformed-passive-request';
import { mfaRequiredForProbe } from './mfa-required-for-probe';
import { msisauthCookieCollision } from './msisauth-cookie-collision';
import { ntlmLoopbackCheck } from './ntlm-loopback-check';
import { ntlmRefusedByPolicy } from './ntlm-refused-by-policy';
import { passwordExpiredOrMustChange } from './password-expired-or-must-change';
import { proxyClockSkew } from './proxy-clock-skew';
import { requestHeaderTooLong } from './request-header-too-long';
import { requestedAuthMethodNotEnabled } from './requested-auth-method-not-enabled';
import { rpIdentifierMissing } from './rp-identifier-missing';
import { rpPassiveEndpointMismatch } from './rp-passive-endpoint-mismatch';
import { rpTrustDisabled } from './rp-trust-disabled';
import { sessionLifetimeReprompt } from './session-lifetime-reprompt';
import { tlsCertExpired } from './tls-cert-expired';
import { tlsNameMismatch } from './tls-name-mismatch';
import { tlsProtocolDisabled } from './tls-protocol-disabled';
import { tlsUntrustedChain } from './tls-untrusted-chain';
import { tokenPostBlocked } from './token-post-blocked';
import { tokenReplayed } from './token-replayed';
import { upnOrAccountRenamedLsaCache } from './upn-or-account-renamed-lsa-cache';
import { wapCongestionOrAdfsSlow } from './wap-congestion-or-adfs-slow';
import { wapPreauthentication } from './wap-preauthentication';
import { wapProxyTrustBroken } from './wap-proxy-trust-broken';
import { wiaExtendedProtectionTlsInterception } from './wia-extended-protection-tls-interception';
import { wiaIntranetZoneNotConfigured } from './wia-intranet-zone-not-configured';
import { wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';
import { wiaUserAgentNotSupported } from './wia-user-agent-not-supported';
import { wrongPassword } from './wrong-password';

/** Made by `npm run generate` from the files beside it: every cause with its rule. */
export const rules: Readonly<Record<CauseId, DefinedRule>> = {
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
  'kerberos-encryption-type-refused': kerberosEncryptionTypeRefused,
  'ntlm-refused-by-policy': ntlmRefusedByPolicy,
  'crm-ifd-domain-malformed': crmIfdDomainMalformed,
  'claims-provider-certificate-unknown': claimsProviderCertificateUnknown,
  'claims-provider-method-refused': claimsProviderMethodRefused,
  'adfs-directory-failure': adfsDirectoryFailure,
  'wap-preauthentication': wapPreauthentication,
  'token-replayed': tokenReplayed,
  'local-network-access-denied': localNetworkAccessDenied,
  'proxy-clock-skew': proxyClockSkew,
};
