import type { shownElsewhere } from './shown-elsewhere';
import type { CauseId } from '../contracts/causes';
import type { Adfs, AdfsGeneration, LabAccount } from './adfs/adfs';
import type { PageLanguage } from './adfs/pages/texts';
import type { Crm, CrmShell, CrmVersion, KeyPair as CertificateWithKey, RefusalFace } from './crm/crm';
import type { DnsServer } from './dns-server';
import type { LabClient } from './lab-files';
import type { CertificateAuthority } from './tls/certificate-authority';
import type { KeyPair } from './tls/build-certificate';
import type { ServerCertificate } from './tls/https-host';

/** A machine at the federation name's second address. */
export interface SecondMachine {
  /** Why sign-in by way of it cannot work. */
  readonly obstacle: string;
  close(): Promise<void>;
}

/** An account of the directory whose password an administrator can change. */
export type DirectoryAccount = { -readonly [Key in keyof LabAccount]: LabAccount[Key] };

/** What the lab was built with: where every fault's way back leads. */
interface HealthyState {
  readonly entityId: string;
  /** Changed by `resetPassword` alone. */
  password: string;
  readonly stsHost: string;
  readonly stsCertificate: ServerCertificate;
  readonly crmEncryption: CertificateWithKey;
}

/** The lab's machines, for faults and repairs. */
export interface LabParts {
  readonly adfs: Adfs;
  readonly crm: Crm;
  readonly dns: DnsServer;
  readonly authority: CertificateAuthority;
  /** The probe's account as the directory holds it. */
  readonly account: DirectoryAccount;
  readonly healthy: HealthyState;
  /** What stands at the federation name's second address; set through `takeSecondAddress`. */
  secondMachine: SecondMachine | null;
  /** The probe's side; null until its files are written. */
  client: LabClient | null;
  /** What AD FS presents now; set through `presentStsCertificate`. */
  readonly stsCertificate: ServerCertificate;
  presentStsCertificate(certificate: ServerCertificate): void;
}

/** What can be done to the lab; the other causes: shown-elsewhere.ts. */
export type FaultId = Exclude<CauseId, keyof typeof shownElsewhere>;

/** One way in which sign-in breaks, done to the lab's machines by its real mechanism. */
export interface Fault {
  readonly id: CauseId;
  /** The mechanism, in one sentence. */
  readonly what: string;
  readonly apply: (lab: LabParts) => void | Promise<void>;
  /** KB 2686840's whole repair is a part of the fault: where repairs are recorded, one is on record. */
  readonly repaired?: true;
  /** Undoes `apply`. The trust between AD FS and CRM is set up anew by the lab once all faults are cleared. */
  readonly clear: (lab: LabParts) => void | Promise<void>;
}

export const rolloverPhases = ['generate', 'promote', 'urgent'] as const;
type RolloverPhase = (typeof rolloverPhases)[number];

export interface LabOptions {
  /** Where the lab's files go; kept on close. A new temporary folder, removed on close, unless given. */
  readonly folder?: string;
  /** Free ones unless given. */
  readonly ports?: { readonly sts?: number; readonly crm?: number; readonly control?: number; readonly dns?: number };
  readonly face?: RefusalFace | undefined;
  readonly shell?: CrmShell;
  /** AD FS 2016 unless given. */
  readonly generation?: AdfsGeneration | undefined;
  /** User name and password on one page each (AD FS 3.0 and later). */
  readonly paginated?: boolean | undefined;
  /** An onload.js of the administrator's own changes the pages (AD FS 3.0 and later). */
  readonly customisedPages?: boolean | undefined;
  /** The only language of AD FS's pages; English unless given. */
  readonly language?: PageLanguage | undefined;
  /** A second claims provider: AD FS asks for the home realm, and the configuration names the right one. */
  readonly hrd?: boolean | undefined;
  /** AD FS asks for a one-time code (3.0 and later), and the configuration has its secret. */
  readonly totp?: boolean | undefined;
  /** The form offers "Keep me signed in". */
  readonly keepSignedIn?: boolean;
  /** The form links to certificate and Azure MFA sign-in. */
  readonly otherMethods?: boolean;
  /** Stands in the form's user name. */
  readonly prefilledUser?: string;
  /** CRM v9 unless given. */
  readonly crmVersion?: CrmVersion | undefined;
  /** Whether wctx names the organization (crmorgid); as the version does unless given. */
  readonly crmOrgId?: boolean;
  /** Keys for AD FS's own certificates; new ones unless given. */
  readonly newKey?: () => Promise<KeyPair>;
}

interface LabAccountReference {
  /** `CONTOSO\probe` */
  readonly user: string;
  /** Set before the lab starts, its value is the account's password. */
  readonly passwordEnv: string;
  /** Where the password is when that variable was not set: a file only its owner can read. */
  readonly passwordFile?: string;
}

export interface RepairResult {
  /** The step's name as the KB has it. */
  readonly step: string;
  /** What happened, or why nothing did. */
  readonly did: string;
  readonly ok: boolean;
  /** Would sign-in work over both routes now? */
  readonly cured: boolean;
}

/** A running lab. Several may run in one process. */
export interface Lab {
  readonly folder: string;
  /** Path of a ready signin-probe.yaml. */
  readonly config: string;
  /** Path of the lab's root certificate. */
  readonly ca: string;
  readonly urls: { readonly internal: string; readonly ifd: string; readonly sts: string };
  /** `http://127.0.0.1:PORT` */
  readonly control: string;
  readonly accounts: readonly LabAccountReference[];
  /** What the probe knows; the directory may hold another password (fault wrong-password). */
  readonly credentials: { readonly user: string; readonly password: string };
  readonly adfs: Adfs;
  readonly crm: Crm;
  readonly dns: DnsServer;
  /** What each server presents, e.g. to tell a browser which keys to expect. */
  readonly serverCertificates: { readonly sts: ServerCertificate; readonly crm: ServerCertificate };
  /** Exactly these faults, from a healthy lab: rollovers, repairs and moved clocks are undone too. The face of refusal stays. */
  setFaults(ids: readonly FaultId[]): Promise<void>;
  rollover(phase: RolloverPhase): Promise<void>;
  /** One step of KB 2686840 by name; throws for an unknown one, listing the known. */
  repair(step: string): Promise<RepairResult>;
  setClock(host: 'sts' | 'crm', offsetSeconds: number): void;
  setFace(face: RefusalFace): void;
  /** `customised`: pages and error texts no longer speak English; codes, ids and status stay. */
  setTexts(style: 'english' | 'customised'): void;
  state(): LabState;
  close(): Promise<void>;
}

export interface CertificateState {
  readonly sha1: string;
  readonly subject: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** What `GET /state` shows. */
export interface LabState {
  readonly faults: readonly CauseId[];
  /** Why sign-in cannot work now; empty when it can. */
  readonly obstacles: readonly string[];
  readonly face: RefusalFace;
  readonly shell: CrmShell;
  readonly generation: AdfsGeneration;
  readonly crmVersion: CrmVersion;
  readonly certificates: {
    readonly signingPrimary: CertificateState;
    readonly signingSecondary: CertificateState | null;
    readonly crmEncryption: CertificateState;
  };
  readonly adfs: {
    readonly entityId: string;
    readonly relyingParties: readonly { readonly name: string; readonly enabled: boolean; readonly identifiers: readonly string[] }[];
  };
  readonly crm: {
    readonly claimsEnabled: boolean;
    readonly ifdEnabled: boolean;
    readonly issuerName: string | null;
    /** What the running web application trusts. */
    readonly trustedThumbprint: string | null;
    /** What the database holds: in force after the next iisreset. */
    readonly storedThumbprint: string | null;
    readonly lastRefusal: { readonly id: string; readonly text: string; readonly at: string } | null;
  };
  readonly clocks: Readonly<Record<'sts' | 'crm', { readonly offsetSeconds: number; readonly now: string }>>;
  readonly counters: {
    readonly tokensIssued: number;
    readonly tokenPosts: number;
    readonly tokensAccepted: number;
    readonly tokensRefused: number;
    readonly passwordSubmissions: number;
    readonly passwordRefusals: number;
    readonly windowsRefusals: number;
  };
}
