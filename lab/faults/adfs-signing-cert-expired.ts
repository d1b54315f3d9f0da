import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-signing-cert-expired',
  what: "Automatic rollover is off and AD FS's only token-signing certificate ended yesterday; AD FS signs no token with it.",
  async apply({ adfs, crm }) {
    await adfs.certificates.letExpire();
    // It is the certificate CRM has known all along: nothing else is wrong.
    crm.disableClaims();
    crm.iisreset();
    await crm.configureClaims(adfs.metadataUrl);
    crm.configureIfd();
    crm.iisreset();
  },
  clear: ({ adfs }) => adfs.certificates.reset(),
};
