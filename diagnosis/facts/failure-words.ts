/** What products call a failure, in names and numbers that no language pack translates. Each is read from pages and event logs alike (text-saying.ts). */

/** AD FS and .NET: a directory, or another attribute store, that does not answer or answers nonsense. */
export const directoryWords =
  /\bPOLICY00(?:18|19)\b|AttributeStore\w*Exception|\bLdap\w*Exception|DirectoryOperationException|ActiveDirectory(?:ServerDown|Operation)\w*Exception|LDAP server is unavailable|Not a valid Win32 FileTime|0x8007203A/i;

/** WIF, said by AD FS itself: the issuer is a claims provider then, and AD FS is the one that does not know its certificate. */
export const providerCertificateWords = /\bID4175\b|issuer of the security token was not recognized by the IssuerNameRegistry/i;

/** AD FS's exception for a way of signing in that is not the one asked for. */
export const methodWords = /InvalidAuthenticationType\w*Exception/;

/** AD FS to the request of a Web Application Proxy. */
export const proxyRequestWords = /\bMSIS7009\b/;

/** .NET's and WIF's names for a token that was used before. */
export const replayWords = /SecurityTokenReplay\w*Exception|\bTokenReplay\w*Exception/;

/** Kerberos libraries and domain controllers: no encryption type is common. MIT and Heimdal, SSPI by name and number, the KDC's own code. */
export const encryptionTypeWords =
  /no support for encryption type|FINDING_SERVER_KEY|KDC_ERR_ETYPE_NOT?SUPP|SEC_E_KDC_UNKNOWN_ETYPE|SEC_E_ETYPE_NOT_SUPP|0x80090341|encryption type requested is not supported by the KDC/i;

/** STATUS_NTLM_BLOCKED ([MS-ERREF] 2.3.1), by number and by name. */
export const ntlmBlockedWords = /\b0xC0000418\b|STATUS_NTLM_BLOCKED/i;

/** The method of CRM's authentication module that puts the IFD address together. */
export const ifdAddressWords = /UpdateRedirectingEventArgs/;

/** Chromium (142 and later) for a request of a public page to an address inside. */
export const localNetworkWords = /denied for this request to access the [`'"]?\w+[`'"]? address space/i;
