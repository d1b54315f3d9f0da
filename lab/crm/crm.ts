import { withTexts } from '../customised-texts';
import { startHttpsHost } from '../tls/https-host';
import type { CrmState } from './crm-state';
import type { Crm, CrmOptions, CrmSettings, HostRole } from './crm-types';
import { createDeployment } from './deployment';
import { createRequestHandler } from './request-handler';
import { createSessionCookies, usualSessionBytes } from './session-cookies';
import { versionFacts } from './versions';

export type * from './crm-types';

const roles: readonly HostRole[] = ['internal', 'organization', 'auth', 'discovery'];

/**
 * Starts a CRM front end on 127.0.0.1: one HTTPS listener for all four host names. Claims are off until `configureClaims`,
 * `configureIfd` and `iisreset`, as on a freshly installed server.
 */
export async function startCrm(options: CrmOptions): Promise<Crm> {
  const { hosts, clock, organization, users, version = '9' } = options;
  const facts = versionFacts[version];
  const deployment = createDeployment(options.encryption, options.fetchText);
  const defaults: CrmSettings = {
    face: options.face ?? 'errorhandler',
    shell: options.shell ?? 'classic',
    appPoolDown: false,
    sessionCookieDomain: null,
    sessionTokenBytes: usualSessionBytes,
    rechallengesEveryToken: false,
    secondFrontEnd: false,
    unboundHosts: [],
    ifdDomainMalformed: false,
    postsTwice: false,
    preauthenticates: false,
    standIns: new Set(),
    renewsSessions: false,
    encryptionKeyUnusable: false,
    trustedSigningCertificates: null,
    webAddressChange: null,
    realmTranslation: null,
  };
  const addresses: Record<HostRole, string> = { internal: '', organization: '', auth: '', discovery: '' };
  const state: CrmState = {
    version: { ...facts, namesOrganization: options.namesOrganization ?? facts.namesOrganization },
    hosts,
    addresses,
    parentDomain: hosts.auth.slice(hosts.auth.indexOf('.')),
    clock,
    organization,
    users,
    settings: { ...defaults },
    counters: { tokenPosts: 0, tokensAccepted: 0, tokensRefused: 0, signInRedirects: 0 },
    deployment,
    sessions: createSessionCookies(
      () => (state.settings.secondFrontEnd ? 2 : 1),
      () => state.settings.sessionTokenBytes,
    ),
    lastRefusal: null,
    roleOf: (origin) => roles.find((role) => addresses[role] === `${origin}/`) ?? null,
    audiences: () => {
      const { claimsEnabled, ifdEnabled } = deployment.running;
      const now = state.settings.webAddressChange ?? ((address: string) => address);
      return [...(claimsEnabled ? [addresses.internal] : []), ...(ifdEnabled ? [addresses.auth, addresses.organization, addresses.discovery] : [])].map(now);
    },
  };
  const host = await startHttpsHost({
    handler: withTexts(createRequestHandler(state), options.texts ?? { customised: false }),
    certificateFor: () => options.serverCertificate,
    port: options.port,
  });
  for (const role of roles) addresses[role] = new URL(`https://${hosts[role]}:${host.port}/`).href;
  return {
    version,
    port: host.port,
    hosts,
    addresses,
    urls: { internal: `${addresses.internal}${organization.uniqueName}/main.aspx`, ifd: `${addresses.organization}main.aspx` },
    clock,
    organization,
    users,
    settings: state.settings,
    counters: state.counters,
    get lastRefusal() {
      return state.lastRefusal;
    },
    get database() {
      return deployment.database;
    },
    get running() {
      return deployment.running;
    },
    configureClaims: deployment.configureClaims,
    disableClaims: deployment.disableClaims,
    configureIfd: deployment.configureIfd,
    setEncryptionCertificate: deployment.setEncryptionCertificate,
    iisreset: deployment.iisreset,
    resetSettings: () => {
      state.settings.standIns.clear();
      Object.assign(state.settings, { ...defaults, face: state.settings.face, shell: state.settings.shell });
    },
    close: host.close,
  };
}
