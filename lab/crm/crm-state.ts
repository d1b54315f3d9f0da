import type { Clock } from '../clock';
import type { CrmCounters, CrmHosts, CrmSettings, CrmUser, HostRole, Organization, RefusalRecord } from './crm-types';
import type { Deployment } from './deployment';
import type { SessionCookies } from './session-cookies';
import type { VersionFacts } from './versions';

/** What the web application's parts share. */
export interface CrmState {
  readonly version: VersionFacts;
  readonly hosts: CrmHosts;
  readonly addresses: Readonly<Record<HostRole, string>>;
  /** `.contoso.test` */
  readonly parentDomain: string;
  readonly clock: Clock;
  readonly organization: Organization;
  readonly users: readonly CrmUser[];
  readonly settings: CrmSettings;
  readonly counters: CrmCounters;
  readonly deployment: Deployment;
  readonly sessions: SessionCookies;
  lastRefusal: RefusalRecord | null;
  /** null for an origin that is not CRM's. */
  roleOf(origin: string): HostRole | null;
  /** The audiences that the running web application accepts. */
  audiences(): readonly string[];
}
