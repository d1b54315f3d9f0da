import type { TextStyle } from '../customised-texts';
import type { Clock } from '../clock';
import type { ServerCertificate } from '../tls/https-host';
import type { Answer } from './responses';
import type { CrmVersion } from './versions';

export type { CrmVersion };

/** How CRM shows that it refused a token (field guide §10: which one real CRM takes is not established, so it is a choice here). */
export const refusalFaces = ['errorhandler', '401', '500', 'sts-loop', 'sts-prompt'] as const;
export type RefusalFace = (typeof refusalFaces)[number];

/** Which user interface main.aspx brings, where the version has both; an `appid` in the address then always brings the Unified Interface. */
export type CrmShell = 'classic' | 'unified';

/** Which of CRM's host names a request came to. */
export type HostRole = 'internal' | 'organization' | 'auth' | 'discovery';

/** Where a request came to. */
export interface RequestPlace {
  readonly role: HostRole;
  /** `https://contoso.contoso.test:4443` */
  readonly origin: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
}

/** A fault's own answer where CRM's should be. */
export interface CrmStandIn {
  /** Why sign-in cannot work then, as the lab's state says it; null where it still works. */
  readonly obstacle: string | null;
  /** `in-front`: before CRM sees the request; `behind-session`: in place of the application, where the session is good and the user known. */
  readonly at: 'in-front' | 'behind-session';
  /** Null lets the request pass. `form` is empty where none was posted. */
  readonly answer: (place: RequestPlace, form: URLSearchParams) => Answer | null;
}

export type CrmHosts = Readonly<Record<HostRole, string>>;

export interface KeyPair {
  readonly certPem: string;
  readonly keyPem: string;
}

/** A row of CRM's systemuser table. What an administrator of CRM may change is writable. */
export interface CrmUser {
  readonly systemUserId: string;
  readonly domainName: string;
  /** The user principal name that the token's upn claim must equal. */
  upn: string;
  readonly fullName: string;
  readonly email: string;
  isDisabled?: boolean;
}

export interface Organization {
  readonly id: string;
  /** The path segment of the internal address. */
  readonly uniqueName: string;
  readonly friendlyName: string;
  readonly businessUnitId: string;
}

/** What MSCRM_CONFIG holds about claims and IFD; the web application reads it once, when its app pool starts. */
export interface CrmConfiguration {
  readonly claimsEnabled: boolean;
  readonly ifdEnabled: boolean;
  readonly sts: StsTrust | null;
  /** The certificate AD FS encrypts tokens for; also signs CRM's own federation metadata. */
  readonly encryption: KeyPair;
}

/** What the claims wizard stored when it last read the AD FS metadata. */
export interface StsTrust {
  readonly metadataUrl: string;
  /** `http://sts.contoso.test/adfs/services/trust` */
  readonly issuerName: string;
  /** The WS-Federation passive endpoint, `https://sts.contoso.test:PORT/adfs/ls/`. */
  readonly signInUrl: string;
  /** SHA-1 thumbprint of the one certificate whose tokens are accepted: upper-case hex. */
  readonly trustedThumbprint: string;
}

/** What faults and tests switch. Takes effect with the next request. */
export interface CrmSettings {
  face: RefusalFace;
  shell: CrmShell;
  /** HTTP.sys answers 503 on every path: the app pool is stopped. */
  appPoolDown: boolean;
  /** Written as the Domain attribute of the session cookie instead of the right one. */
  sessionCookieDomain: string | null;
  /** How large the session is that CRM keeps in its cookies. */
  sessionTokenBytes: number;
  /** Every good token is answered with a new sign-in request instead of a session (field guide §9: "deliberately re-challenges"). */
  rechallengesEveryToken: boolean;
  /** The app pool's account may not use the private key of the encryption certificate: no token is opened, and CRM cannot sign its metadata. */
  encryptionKeyUnusable: boolean;
  /** TrustedIssuerCertificateValidation is on: thumbprints of the signing certificates this server trusts. null = off, the default. */
  trustedSigningCertificates: readonly string[] | null;
  /** What became of CRM's web addresses in Deployment Manager: realms, scopes and audiences follow. null = as installed. */
  webAddressChange: ((address: string) => string) | null;
  /** Two front ends behind a balancer without stickiness; each seals its session cookies with a key of its own. */
  secondFrontEnd: boolean;
  /** Host names for which the web site has no binding: HTTP.sys refuses them. */
  unboundHosts: readonly HostRole[];
  /** A domain in the IFD settings is no bare host name: the address to come back to cannot be made. */
  ifdDomainMalformed: boolean;
  /** A proxy in front of CRM sends every POST twice; CRM detects replayed tokens. */
  postsTwice: boolean;
  /** A Web Application Proxy in front of CRM authenticates people itself, before it lets them through. */
  preauthenticates: boolean;
  /** What faults let answer in CRM's place. */
  readonly standIns: Set<CrmStandIn>;
  /** The first session of a browser is at its end at once and has to be renewed at AD FS (IFD hosts). */
  renewsSessions: boolean;
  /** What a reverse proxy with link translation makes of wtrealm in CRM's redirect; null = no such proxy. */
  realmTranslation: ((realm: string) => string) | null;
}

export interface CrmCounters {
  tokenPosts: number;
  tokensAccepted: number;
  tokensRefused: number;
  signInRedirects: number;
}

/** Why the last token was refused, as CRM's event log would have it. */
export interface RefusalRecord {
  readonly id: string;
  readonly text: string;
  /** By CRM's clock. */
  readonly at: string;
}

export interface CrmOptions {
  readonly hosts: CrmHosts;
  readonly port?: number | undefined;
  readonly serverCertificate: ServerCertificate;
  readonly encryption: KeyPair;
  readonly clock: Clock;
  readonly users: readonly CrmUser[];
  readonly organization: Organization;
  /** Reads a document over HTTPS, trusting the lab's CA only; how the claims wizard gets the AD FS metadata. */
  readonly fetchText: (url: string) => Promise<string>;
  readonly face?: RefusalFace | undefined;
  readonly shell?: CrmShell | undefined;
  /** 9 unless given. */
  readonly version?: CrmVersion | undefined;
  /** Whether wctx names the organization (crmorgid); as the version does unless given. */
  readonly namesOrganization?: boolean | undefined;
  /** English unless given. */
  readonly texts?: TextStyle;
}

/** A running CRM: its web application and its Deployment Manager. */
export interface Crm {
  readonly version: CrmVersion;
  readonly port: number;
  readonly hosts: CrmHosts;
  /** Web address per role, with port and trailing slash: at the same time the relying-party identifiers. */
  readonly addresses: Readonly<Record<HostRole, string>>;
  /** Where people go: `https://internalcrm…/Contoso/main.aspx` and `https://contoso…/main.aspx`. */
  readonly urls: { readonly internal: string; readonly ifd: string };
  readonly clock: Clock;
  readonly organization: Organization;
  readonly users: readonly CrmUser[];
  readonly settings: CrmSettings;
  readonly counters: CrmCounters;
  readonly lastRefusal: RefusalRecord | null;
  /** What the configuration database holds now. */
  readonly database: CrmConfiguration;
  /** What the running web application works with: the database as it was at the last iisreset. */
  readonly running: CrmConfiguration;
  /**
   * "Configure Claims-Based Authentication". Reads the AD FS metadata again and stores it; while the running web application still has
   * claims enabled the stored certificate entry is kept (which is why KB 2686840 disables claims first). Throws when the metadata cannot be read.
   */
  configureClaims(stsMetadataUrl?: string): Promise<{ readonly certificateKept: boolean }>;
  /** "Disable Claims-Based Authentication"; IFD goes with it. */
  disableClaims(): void;
  /** "Configure Internet-Facing Deployment". Throws when claims are not configured. */
  configureIfd(): void;
  /** Gives CRM another encryption certificate (the wizard's certificate page). */
  setEncryptionCertificate(pair: KeyPair): void;
  /** The web application starts anew and reads the database. */
  iisreset(): void;
  resetSettings(): void;
  close(): Promise<void>;
}
