import type { Fault } from '../lab-types';

const dayMs = 86_400_000;

export const fault: Fault = {
  id: 'crm-encryption-cert-expired-or-revoked',
  what: "CRM's encryption certificate, which both trusts know, ended yesterday; AD FS builds no chain for it and issues no token.",
  async apply({ adfs, crm, authority }) {
    const domain = crm.hosts.auth.slice(crm.hosts.auth.indexOf('.') + 1);
    const now = Date.now();
    const ended = { notBefore: new Date(now - 366 * dayMs), notAfter: new Date(now - dayMs) };
    crm.setEncryptionCertificate(await authority.issueServerCertificate({ hosts: [`*.${domain}`], ...ended }));
    crm.iisreset();
    await adfs.updateFromMetadata();
  },
  async clear({ adfs, crm, healthy }) {
    crm.setEncryptionCertificate(healthy.crmEncryption);
    crm.iisreset();
    await adfs.updateFromMetadata();
  },
};
