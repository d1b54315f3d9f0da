import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectedChannelBinding } from '../ntlm/channel-binding';
import { createNtlmServer } from '../ntlm/ntlm-server';
import { withTexts } from '../customised-texts';
import { headersTooLong } from '../tls/header-limit';
import { startHttpsHost } from '../tls/https-host';
import { findAccountByParts } from './accounts';
import type { Adfs, AdfsOptions, AdfsSettings, LabAccount, RelyingPartyTrust } from './adfs-types';
import { createCertificateStore } from './certificate-store';
import { createFederationMetadata, createMetadataExchange } from './federation-metadata';
import { httpSysPage, send } from './http-sys';
import { createPages } from './pages';
import { habitsOf } from './generation';
import { customisedOnload } from './pages/onload-script';
import { illustration, styleSheet } from './pages/theme';
import { themePaths } from './pages/layout';
import { showUpdatePassword, updatePasswordPath } from './forms-endpoint';
import { handlePassiveRequest, isPassivePath } from './passive-endpoint';
import { fetchRelyingPartyMetadata, readRelyingPartyMetadata, withoutTrailingSlash } from './relying-party-metadata';
import { type AdfsCall, type AdfsService, notFound, refuse, reply } from './service';
import { createSsoSessions } from './sso-session';
import { createTotpVerifier } from './totp';

export type * from './adfs-types';

const metadataPath = '/FederationMetadata/2007-06/FederationMetadata.xml';

const defaultSettings = (): AdfsSettings => ({
  wiaRefusesAll: false,
  requireMfa: false,
  serviceDown: false,
  loopDetection: { enabled: true, maxTokens: 5, intervalSeconds: 20 },
  formsEnabled: true,
  windowsEnabled: true,
  lastSsoCookieOnly: false,
  congestion: null,
  ssoIgnored: false,
  queryLost: false,
  s4uFails: false,
  directoryDown: false,
  refusesProvider: null,
  loopbackCheck: false,
  wiaSupportedUserAgents: null,
  updatePasswordPage: false,
  claimsProviders: [],
  keepSignedIn: false,
  optionLinks: [],
  prefilledUser: null,
  showErrorDetails: false,
});

/** Starts an AD FS on 127.0.0.1: HTTPS under `host`, plus `/adfs/probe` over plain HTTP on a port of its own (field guide section 5.4). */
export async function startAdfs(options: AdfsOptions): Promise<Adfs> {
  const { host, clock, accounts, generation = '2016', trustedCaPem, lookup } = options;
  const displayName = options.displayName ?? host;
  const habits = habitsOf[generation];
  const pages = createPages(generation, options.pages);
  const settings = (): AdfsSettings => ({ ...defaultSettings(), ...options.settings });
  const certificates = await createCertificateStore({ serviceName: host, clock, newKey: options.newKey });
  const newNtlm = () => newNtlmServer(options, () => expectedChannelBinding(serverCertificate.certPem));
  let serverCertificate = options.serverCertificate;
  let oldTlsOnly = false;

  const probe = createServer((_request, response) =>
    send(
      response,
      clock.now(),
      adfs.settings.serviceDown ? httpSysPage(503) : habits.hasProbe ? { status: 200, body: '', contentType: 'text/html' } : httpSysPage(404),
    ),
  );
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  // Last, and nothing is awaited after it: the first request finds everything in place.
  const web = await startHttpsHost({
    port: options.port,
    address: options.address,
    certificateFor: () => serverCertificate,
    handler: withTexts((request, response) => void route(service, request, response), options.texts ?? { customised: false }),
  });
  const origin = `https://${host}:${web.port}`;

  const readTrust = async (url: string) => readRelyingPartyMetadata(await fetchRelyingPartyMetadata({ url, trustedCaPem, lookup }), url);
  const extraIdentifiers = new Map<RelyingPartyTrust, readonly string[]>();
  const log: AdfsService['log'] = [];
  const adfs: Adfs = {
    origin,
    host,
    port: web.port,
    generation,
    clock,
    entityId: `http://${host}/adfs/services/trust`,
    metadataUrl: `${origin}${metadataPath}`,
    probeUrl: `http://127.0.0.1:${(probe.address() as AddressInfo).port}/adfs/probe`,
    get oldTlsOnly() {
      return oldTlsOnly;
    },
    set oldTlsOnly(oldOnly) {
      if (oldOnly !== oldTlsOnly) web.setOldProtocolsOnly(oldOnly);
      oldTlsOnly = oldOnly;
    },
    certificates,
    relyingParties: [],
    settings: settings(),
    counters: { tokensIssued: 0, passwordSubmissions: 0, passwordRefusals: 0, ntlmRefusals: 0, codeRefusals: 0, keptSignIns: 0, errorPages: 0 },
    log,
    async addRelyingPartyFromMetadata({ name, metadataUrl, extraIdentifiers: extra = [] }) {
      const facts = await readTrust(metadataUrl);
      const trust: RelyingPartyTrust = {
        ...facts,
        name,
        identifiers: [...new Set([...facts.identifiers, ...extra.map(withoutTrailingSlash)])],
        enabled: true,
        encryptClaims: true,
        tokenLifetimeMinutes: 60,
        metadataUrl,
        issueAudienceOverride: null,
        passthroughClaims: ['upn', 'name', 'primarysid'],
      };
      extraIdentifiers.set(trust, extra.map(withoutTrailingSlash));
      adfs.relyingParties.push(trust);
      return trust;
    },
    async updateFromMetadata(name) {
      const chosen = adfs.relyingParties.filter((trust) => trust.metadataUrl !== null && (name === undefined || trust.name === name));
      if (name !== undefined && chosen.length === 0)
        throw new Error(
          `updateFromMetadata: expected a trust with metadata named "${name}", ` +
            `found ${adfs.relyingParties.map((trust) => trust.name).join(', ') || 'no trust'}.`,
        );
      for (const trust of chosen) {
        if (trust.metadataUrl === null) continue;
        const facts = await readTrust(trust.metadataUrl);
        Object.assign(trust, facts, { identifiers: [...new Set([...facts.identifiers, ...(extraIdentifiers.get(trust) ?? [])])] });
      }
    },
    async restart() {
      service.sso = createSsoSessions(clock);
      service.ntlm = newNtlm();
      web.dropConnections();
    },
    resetSettings() {
      Object.assign(adfs.settings, settings());
    },
    setServerCertificate(certificate) {
      serverCertificate = certificate;
      web.setCertificate(host, certificate);
    },
    async close() {
      const closed = probe.listening ? once(probe, 'close') : Promise.resolve();
      probe.close();
      probe.closeAllConnections();
      await Promise.all([web.close(), closed]);
    },
  };
  const service: AdfsService = {
    adfs,
    accounts,
    displayName,
    pages,
    habits,
    // A cloud service checks the codes, by a clock of its own.
    verifyCode: createTotpVerifier(() => new Date()),
    log,
    sso: createSsoSessions(clock),
    ntlm: newNtlm(),
  };
  return adfs;
}

const newNtlmServer = ({ host, clock, accounts }: AdfsOptions, channelBinding: () => Buffer) => {
  const [computer = host, ...domain] = host.split('.');
  return createNtlmServer<LabAccount>({
    target: {
      domain: accounts[0]?.user.split('\\')[0] ?? computer.toUpperCase(),
      computer: computer.toUpperCase(),
      dnsDomain: domain.join('.'),
      dnsComputer: host,
    },
    now: () => clock.now(),
    findAccount: (accountDomain, user) => findAccountByParts(accounts, accountDomain, user),
    channelBinding,
  });
};

async function route(service: AdfsService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/', rawQuery = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const call: AdfsCall = { service, request, response, path: path.toLowerCase(), rawQuery, query: new URLSearchParams(rawQuery) };
  try {
    await dispatch(call);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(call, { code: 'service-error', text: error instanceof Error ? error.message : String(error), relyingParty: '' });
  }
}

async function dispatch(call: AdfsCall): Promise<void> {
  const { adfs } = call.service;
  if (headersTooLong(call.request)) return reply(call, httpSysPage(400));
  if (adfs.settings.serviceDown) return reply(call, httpSysPage(503));
  if (isPassivePath(call)) return handlePassiveRequest(call);
  switch (call.path) {
    case '/adfs/ls/idpinitiatedsignon':
    case '/adfs/ls/idpinitiatedsignon.aspx':
      return refuse(call, {
        code: 'idp-initiated-sign-on-disabled',
        text: 'The sign-on page of the identity provider is disabled on this farm.',
        relyingParty: '',
      });
    case updatePasswordPath:
      return showUpdatePassword(call);
    case metadataPath.toLowerCase():
      return reply(call, {
        status: 200,
        contentType: 'application/samlmetadata+xml',
        body: createFederationMetadata({ ...adfs, displayName: call.service.displayName }),
      });
    case '/adfs/services/trust/mex':
      return reply(call, { status: 200, contentType: 'application/soap+xml; charset=utf-8', body: createMetadataExchange(adfs.origin) });
    case themePaths.style:
      return reply(call, { status: 200, contentType: 'text/css', body: styleSheet });
    case themePaths.illustration:
      return reply(call, { status: 200, contentType: 'image/svg+xml', body: illustration });
    case themePaths.onload:
      return reply(call, { status: 200, contentType: 'application/javascript', body: customisedOnload });
    default:
      return notFound(call);
  }
}
