import type { TextStyle } from '../customised-texts';
import type { Clock } from '../clock';
import type { ServerCertificate } from '../tls/https-host';
import type { CertificateStore } from './certificate-store';

/** Which generation's pages and habits are shown. More generations are added here and in `pages/index.ts`. */
export type AdfsGeneration = '2016';

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

/** What faults switch. Takes effect with the next request. */
export interface AdfsSettings {
  /** Every Windows sign-in is refused, as with a missing SPN or a channel-binding mismatch (field guide section 8). */
  wiaRefusesAll: boolean;
  /** After good primary credentials an additional factor is asked for (section 7.7). */
  requireMfa: boolean;
  /** HTTP.sys answers 503 on every path, as when the AD FS service is stopped. */
  serviceDown: boolean;
  loopDetection: { enabled: boolean; maxTokens: number; intervalSeconds: number };
  /** Off: `wauth` password is answered with MSIS7102 (section 1.2). */
  formsEnabled: boolean;
  /** Off: `wauth` windows is answered with MSIS7102. */
  windowsEnabled: boolean;
  /** The session cookie is never accepted: the form comes again, without any text, after a right password (section 4.1). */
  ssoIgnored: boolean;
  /** A proxy in front redirects `/adfs/ls/?…` to the bare path: wa, wtrealm and wctx are lost on the way. */
  queryLost: boolean;
  /** Shows the MSIS text on the error page; AD FS 2016 does so only in its log (section 7.6). */
  showErrorDetails: boolean;
}

export interface AdfsCounters {
  tokensIssued: number;
  passwordSubmissions: number;
  passwordRefusals: number;
  ntlmRefusals: number;
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
  readonly port?: number;
  readonly serverCertificate: ServerCertificate;
  readonly clock: Clock;
  readonly accounts: readonly LabAccount[];
  readonly generation?: AdfsGeneration;
  /** Trusted for fetching the relying parties' metadata. */
  readonly trustedCaPem: string;
  /** Host name → IP address, for the same purpose. */
  readonly lookup: (host: string) => Promise<string>;
  /** The farm's name on its pages; the host unless given. */
  readonly displayName?: string;
  /** English unless given. */
  readonly texts?: TextStyle;
}

export interface NewRelyingParty {
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
