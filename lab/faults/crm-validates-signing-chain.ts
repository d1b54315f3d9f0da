import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-validates-signing-chain',
  what:
    "AD FS rolled over and KB 2686840's repair was done, but CRM validates the signing certificate (TrustedIssuerCertificateValidation), " +
    'and its server trusts only the old self-signed one.',
  repaired: true,
  async apply({ adfs, crm }) {
    crm.settings.trustedSigningCertificates = [adfs.certificates.signingPrimary.sha1];
    await adfs.certificates.promote();
    crm.disableClaims();
    crm.iisreset();
    await crm.configureClaims(adfs.metadataUrl);
    crm.configureIfd();
    crm.iisreset();
  },
  async clear({ adfs, crm }) {
    crm.settings.trustedSigningCertificates = null;
    await adfs.certificates.reset();
  },
};
