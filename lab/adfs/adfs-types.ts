import type { TextStyle } from '../customised-texts';
import type { Clock } from '../clock';
import type { KeyPair } from '../tls/build-certificate';
import type { ServerCertificate } from '../tls/https-host';
import type { CertificateStore } from './certificate-store';
import type { AdfsGeneration } from './generation';
import type { PageStyle } from './pages';
import type { OptionLink } from './pages/forms-page';

export type { AdfsGeneration };

/** One Active Directory account. */
export interface LabAccount {
  /** `CONTOSO\probe` */
  readonly user: string;
  /** `probe@contoso.test` */
  readonly upn: string;
  readonly password: string;
  readonly displayName: string;
  /** `S-1-5-21-…` */
  readonly sid: string;
  /** The password has expired or must be changed at the next logon. */
  readonly mustChangePassword?: boolean;
  /** Shared with the account's authenticator app, in base32; without it no one-time code is right. */
  readonly totpSecret?: string;
  /** Locked in Active Directory: every password is refused. */
  readonly lockedOut?: boolean;
  /** The UPN that the LSA of the AD FS servers still gives for a renamed account. */
  readonly upnInLsaCache?: string;
}

/** A relying-party trust, as `Get-AdfsRelyingPartyTrust` shows it. Everything may be changed while AD FS runs. */
export interface RelyingPartyTrust {
  readonly name: string;
  enabled: boolean;
  /** As in the metadata, with or without a trailing slash: AD FS finds the trust either way. */
  identifiers: string[];
  /** Absolute address with its port, e.g. `https://internalcrm.contoso.test:4443/` */
  wsFedEndpoint: string;
  encryptionCertificatePem: string | null;
  /** False issues readable tokens although an encryption certificate is known (`EncryptClaims $false`). */
  encryptClaims: boolean;
  tokenLifetimeMinutes: number;
  /** Null for a trust made by hand: it cannot be updated from metadata. */
  readonly metadataUrl: string | null;
  /** Issues the token (Audience and AppliesTo) for this address instead of the requested `wtrealm`. */
  issueAudienceOverride?: string | null;
  /** The claim rules: which claims pass through. */
  passthroughClaims: ClaimName[];
  /** The issuance authorization rules: false is what no rule, or a deny rule that applies, comes to. Permitted unless given. */
  permitsIssuance?: boolean;
}

export type ClaimName = 'upn' | 'name' | 'primarysid';

/** A claims provider trust besides AD FS's own Active Directory. */
interface ClaimsProvider {
  readonly id: string;
  readonly name: string;
  readonly signInUrl: string;
}

/** What faults switch. Takes effect with the next request. */
export interface AdfsSettings {
  /** Every Windows sign-in is refused, as with a missing SPN or a channel-binding mismatch (field guide section 8). */
  wiaRefusesAll: boolean;
  /** After good primary credentials an additional factor is asked for (section 7.7); AD FS 2.x has none, whatever this says. */
  requireMfa: boolean;
  /** HTTP.sys answers 503 on every path, as when the AD FS service is stopped. */
  serviceDown: boolean;
  loopDetection: { enabled: boolean; maxTokens: number; intervalSeconds: number };
  /** Off: `wauth` password is answered with MSIS7102 (section 1.2). */
  formsEnabled: boolean;
  /** Off: `wauth` windows is answered with MSIS7102. */
  windowsEnabled: boolean;
  /** Of several cookies named MSISAuth only the last counts: one that CRM set for a shared parent domain hides AD FS's own (section 4.1). */
  lastSsoCookieOnly: boolean;
  /** Every answer after the authentication takes so long that the proxy in front gives up with 503; null = no such proxy. */
  congestion: { readonly waitMs: number } | null;
  /** The session cookie is never accepted: the form comes again, without any text, after a right password (section 4.1). */
  ssoIgnored: boolean;
  /** A proxy in front redirects `/adfs/ls/?…` to the bare path: wa, wtrealm and wctx are lost on the way. */
  queryLost: boolean;
  /** Clients of the lab are on AD FS's own machine, and its LSA refuses their NTLM (causes 34). */
  loopbackCheck: boolean;
  /** AD FS's own logon for a user who typed a password fails: the form comes again, without any text (causes 25). */
  s4uFails: boolean;
  /** No domain controller answers AD FS's LDAP query for the account, after good credentials. */
  directoryDown: boolean;
  /** What AD FS does not accept of the claims provider that people sign in at; null = all well. */
  refusesProvider: 'certificate' | 'method' | null;
  /** Browsers that are offered Windows sign-in (WIASupportedUserAgents); null offers it to all. The others get the form (section 8). */
  wiaSupportedUserAgents: readonly RegExp[] | null;
  /** The endpoint /adfs/portal/updatepassword/ is on; off by default (section 7.7). */
  updatePasswordPage: boolean;
  /** With any, AD FS asks every browser for its home realm first (section 7.4). */
  claimsProviders: readonly ClaimsProvider[];
  /** "Keep me signed in" is offered (section 7.2); chosen, it makes the SSO cookie last. */
  keepSignedIn: boolean;
  /** Other methods that the form links to. */
  optionLinks: readonly OptionLink[];
  /** Stands in the form's user name before anybody types. */
  prefilledUser: string | null;
  /** Shows the MSIS text on the error page; AD FS 2016 does so only in its log (section 7.6). */
  showErrorDetails: boolean;
}

interface AdfsCounters {
  tokensIssued: number;
  passwordSubmissions: number;
  passwordRefusals: number;
  ntlmRefusals: number;
  /** One-time codes that were not right. */
  codeRefusals: number;
  /** Sign-ins that asked to be kept. */
  keptSignIns: number;
  errorPages: number;
}

/** One entry of the AD FS/Admin log (event 364 and its kin). */
export interface AdfsLogEntry {
  readonly activityId: string;
  /** `MSIS7007`, or a word where AD FS logs no number. */
  readonly code: string;
  readonly text: string;
  /** ISO, by the AD FS clock. */
  readonly time: string;
}

export interface AdfsOptions {
  /** `sts.contoso.test` */
  readonly host: string;
  /** A free one unless given. */
  readonly port?: number | undefined;
  /** 127.0.0.1 unless given. */
  readonly address?: string;
  readonly serverCertificate: ServerCertificate;
  readonly clock: Clock;
  readonly accounts: readonly LabAccount[];
  /** 2016 unless given. */
  readonly generation?: AdfsGeneration | undefined;
  readonly pages?: PageStyle;
  /** How this farm is set up where that differs from the defaults; `resetSettings` leads back here. */
  readonly settings?: Partial<AdfsSettings>;
  /** Trusted for fetching the relying parties' metadata. */
  readonly trustedCaPem: string;
  /** Host name → IP address, for the same purpose. */
  readonly lookup: (host: string) => Promise<string>;
  /** The farm's name on its pages; the host unless given. */
  readonly displayName?: string;
  /** English unless given. */
  readonly texts?: TextStyle;
  /** Keys for AD FS's own certificates; new ones unless given. */
  readonly newKey?: (() => Promise<KeyPair>) | undefined;
}

interface NewRelyingParty {
  readonly name: string;
  readonly metadataUrl: string;
  readonly extraIdentifiers?: readonly string[];
}

/** A running AD FS. */
export interface Adfs {
  /** `https://sts.contoso.test:PORT` */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly generation: AdfsGeneration;
  readonly clock: Clock;
  /** Federation service identifier, `http://sts.contoso.test/adfs/services/trust`. */
  entityId: string;
  /** `origin` + `/FederationMetadata/2007-06/FederationMetadata.xml` */
  readonly metadataUrl: string;
  /** `http://127.0.0.1:PORT/adfs/probe` */
  readonly probeUrl: string;
  /** The server offers TLS 1.0 and 1.1 only. */
  oldTlsOnly: boolean;
  readonly certificates: CertificateStore;
  readonly relyingParties: RelyingPartyTrust[];
  readonly settings: AdfsSettings;
  readonly counters: AdfsCounters;
  readonly log: readonly AdfsLogEntry[];
  /** Imports a trust from the relying party's own metadata. Throws when the document cannot be fetched or lacks what a trust needs. */
  addRelyingPartyFromMetadata(party: NewRelyingParty): Promise<RelyingPartyTrust>;
  /** `Update-AdfsRelyingPartyTrust` for one trust or all of them: identifiers, endpoint and encryption certificate are read again. */
  updateFromMetadata(name?: string): Promise<void>;
  /** Restarts the service: every session, pending sign-in and connection is gone, the configuration stays. */
  restart(): Promise<void>;
  /** All settings back to their defaults. */
  resetSettings(): void;
  setServerCertificate(certificate: ServerCertificate): void;
  close(): Promise<void>;
}
