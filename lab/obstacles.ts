import { X509Certificate } from 'node:crypto';
import type { LabParts } from './lab-types';

const sameAddress = (a: string, b: string): boolean => a.replace(/\/$/, '') === b.replace(/\/$/, '');
const thumbprint = (pem: string): string => new X509Certificate(pem).fingerprint256;

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
  for (const realm of [crm.addresses.internal, crm.addresses.organization]) {
    const party = adfs.relyingParties.find((candidate) => candidate.enabled && candidate.identifiers.some((identifier) => sameAddress(identifier, realm)));
    if (!party) found.push(`no relying-party trust in AD FS has the identifier ${realm}`);
    else if (party.encryptionCertificatePem && thumbprint(party.encryptionCertificatePem) !== thumbprint(running.encryption.certPem))
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
    [adfs.settings.requireMfa, 'AD FS asks for an additional factor'],
    [account.password !== healthy.password, "the account's password is another one"],
    [!dns.zone.has(healthy.stsHost), `DNS does not know ${healthy.stsHost}`],
    [new Date(server.validTo) < new Date(), "AD FS's server certificate has ended"],
    [!server.checkIssued(new X509Certificate(lab.authority.issuingCertificatePem)), "AD FS's server certificate is from an unknown authority"],
    [crm.settings.appPoolDown, "CRM's app pool is stopped"],
    [crm.settings.sessionCookieDomain !== null, 'CRM sets its session cookie for a foreign domain'],
    [crm.settings.rechallengesEveryToken, 'CRM answers every token with a new sign-in request'],
    [crm.settings.realmTranslation !== null, 'a proxy changes the wtrealm that CRM sends'],
    // AD FS subtracts no skew from NotBefore; CRM allows five minutes on either side, AD FS tokens live an hour.
    [skewSeconds < -300 || skewSeconds > 3900, `CRM's clock and AD FS's differ by ${skewSeconds} seconds`],
  ];
  return [...trustObstacles(lab), ...others.filter(([present]) => present).map(([, text]) => text)];
}
