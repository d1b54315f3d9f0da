import { X509Certificate } from 'node:crypto';
import type { RelyingPartyTrust } from './adfs/adfs';
import type { LabParts } from './lab-types';

const sameAddress = (a: string, b: string): boolean => a.replace(/\/$/, '') === b.replace(/\/$/, '');
const thumbprint = (pem: string): string => new X509Certificate(pem).fingerprint256;

/** What is wrong with one enabled trust by itself. */
function partyObstacles(party: RelyingPartyTrust, endpoint: string, now: Date): string[] {
  const certificate = party.encryptClaims && party.encryptionCertificatePem ? new X509Certificate(party.encryptionCertificatePem) : null;
  const others: readonly (readonly [boolean, string])[] = [
    [new URL(party.wsFedEndpoint).origin !== new URL(endpoint).origin, `AD FS posts the tokens of "${party.name}" to ${party.wsFedEndpoint}`],
    [party.permitsIssuance === false, `the issuance authorization rules of "${party.name}" deny the account`],
    [!party.passthroughClaims.includes('upn'), `the claim rules of "${party.name}" leave the UPN out`],
    [certificate !== null && new Date(certificate.validTo) < now, `the encryption certificate of "${party.name}" has ended`],
  ];
  return others.filter(([present]) => present).map(([, text]) => text);
}

/** What is wrong between AD FS and CRM: the part that KB 2686840's steps can repair. */
function trustObstacles({ adfs, crm }: LabParts): string[] {
  const { running } = crm;
  const found: string[] = [];
  if (!running.claimsEnabled) found.push('claims-based authentication is off in CRM');
  if (!running.ifdEnabled) found.push('IFD is off in CRM');
  if (running.sts && running.sts.trustedThumbprint !== adfs.certificates.signingPrimary.sha1)
    found.push(`CRM trusts the signing certificate ${running.sts.trustedThumbprint}, AD FS signs with ${adfs.certificates.signingPrimary.sha1}`);
  if (running.sts && running.sts.issuerName !== adfs.entityId)
    found.push(`CRM knows the issuer as ${running.sts.issuerName}, AD FS calls itself ${adfs.entityId}`);
  const nowCalled = crm.settings.webAddressChange ?? ((address: string) => address);
  for (const [address, endpoint] of [
    [crm.addresses.internal, crm.addresses.internal],
    [crm.addresses.organization, crm.addresses.auth],
  ] as const) {
    const realm = nowCalled(address);
    const party = adfs.relyingParties.find((candidate) => candidate.enabled && candidate.identifiers.some((identifier) => sameAddress(identifier, realm)));
    if (!party) found.push(`no relying-party trust in AD FS has the identifier ${realm}`);
    else found.push(...partyObstacles(party, endpoint, adfs.clock.now()));
    if (party?.encryptionCertificatePem && thumbprint(party.encryptionCertificatePem) !== thumbprint(running.encryption.certPem))
      found.push(`AD FS encrypts tokens for ${realm} to a certificate that CRM no longer uses`);
  }
  return found;
}

/** Why sign-in cannot work over both routes now, read from the machines themselves; empty when it can. */
export function obstacles(lab: LabParts): string[] {
  const { adfs, crm, dns, account, healthy } = lab;
  const server = new X509Certificate(lab.stsCertificate.certPem);
  const skewSeconds = crm.clock.offsetSeconds - adfs.clock.offsetSeconds;
  const others: readonly (readonly [boolean, string])[] = [
    [adfs.settings.serviceDown, 'the AD FS service is stopped'],
    [adfs.settings.wiaRefusesAll, 'AD FS refuses Windows sign-in'],
    [adfs.settings.claimsProviders.length > 0, 'AD FS asks for the home realm first'],
    [adfs.settings.requireMfa, 'AD FS asks for an additional factor'],
    [account.password !== healthy.password, "the account's password is another one"],
    [crm.users.some(({ isDisabled }) => isDisabled), "the account's user in CRM is disabled"],
    [account.upnInLsaCache !== undefined, 'AD FS sends the former name of a renamed account'],
    [lab.client?.account === 'windows-current', 'the probe uses the Windows account it runs as, and its browser has nothing to answer with'],
    [account.lockedOut === true, 'the account is locked'],
    [adfs.settings.s4uFails, "AD FS's own logon for the user fails"],
    [account.mustChangePassword === true, "the account's password has expired"],
    [!dns.zone.has(healthy.stsHost), `DNS does not know ${healthy.stsHost}`],
    [new Date(server.validTo) < new Date(), "AD FS's server certificate has ended"],
    [adfs.oldTlsOnly, "AD FS's server speaks old TLS versions only"],
    [!server.checkHost(healthy.stsHost), "AD FS's server certificate is for other names"],
    [!server.checkIssued(new X509Certificate(lab.authority.issuingCertificatePem)), "AD FS's server certificate is from an unknown authority"],
    [adfs.certificates.signingPrimary.notAfter < adfs.clock.now(), "AD FS's token-signing certificate has ended"],
    [!adfs.settings.formsEnabled, 'forms authentication is off in AD FS'],
    [!adfs.settings.windowsEnabled, 'Windows authentication is off in AD FS'],
    [adfs.settings.queryLost, 'a proxy in front of AD FS loses the query'],
    [crm.settings.encryptionKeyUnusable, 'CRM may not use the private key of its encryption certificate'],
    [
      crm.settings.trustedSigningCertificates !== null && !crm.settings.trustedSigningCertificates.includes(adfs.certificates.signingPrimary.sha1),
      'CRM validates the signing certificate and does not trust it',
    ],
    [adfs.settings.lastSsoCookieOnly && crm.settings.renewsSessions, "CRM's session cookie hides that of AD FS when a session is renewed"],
    [adfs.settings.congestion !== null, 'AD FS is slow, and the proxy in front gives up'],
    [crm.settings.secondFrontEnd, "CRM's front ends cannot read each other's session cookies"],
    [crm.settings.unboundHosts.length > 0, 'a host name of CRM has no binding'],
    [crm.settings.postsTwice, 'a proxy in front of CRM posts every token twice'],
    [crm.settings.preauthenticates, 'a proxy in front of CRM asks AD FS itself'],
    [crm.settings.ifdDomainMalformed, 'a domain in the IFD settings is malformed'],
    [adfs.settings.directoryDown, 'AD FS reaches no domain controller'],
    [adfs.settings.refusesProvider !== null, 'AD FS refuses the claims provider'],
    ...[...crm.settings.standIns].map(({ obstacle }) => [obstacle !== null, obstacle ?? ''] as const),
    [crm.settings.appPoolDown, "CRM's app pool is stopped"],
    [crm.settings.sessionTokenBytes > 10_000, "CRM's session cookies are larger than a request may be"],
    [crm.settings.sessionCookieDomain !== null, 'CRM sets its session cookie for a foreign domain'],
    [crm.settings.rechallengesEveryToken, 'CRM answers every token with a new sign-in request'],
    [crm.settings.realmTranslation !== null, 'a proxy changes the wtrealm that CRM sends'],
    // AD FS subtracts no skew from NotBefore; CRM allows five minutes on either side, AD FS tokens live an hour.
    [skewSeconds < -300 || skewSeconds > 3900, `CRM's clock and AD FS's differ by ${skewSeconds} seconds`],
  ];
  const second = lab.secondMachine ? [lab.secondMachine.obstacle] : [];
  return [...trustObstacles(lab), ...second, ...others.filter(([present]) => present).map(([, text]) => text)];
}
