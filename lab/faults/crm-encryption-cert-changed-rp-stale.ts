import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-encryption-cert-changed-rp-stale',
  what: 'CRM got another encryption certificate and an iisreset; the relying-party trusts in AD FS were not updated and still encrypt for the old one.',
  async apply({ crm, authority }) {
    const domain = crm.hosts.auth.slice(crm.hosts.auth.indexOf('.') + 1);
    crm.setEncryptionCertificate(await authority.issueServerCertificate({ hosts: [`*.${domain}`] }));
    crm.iisreset();
  },
  clear({ crm, healthy }) {
    crm.setEncryptionCertificate(healthy.crmEncryption);
    crm.iisreset();
  },
};
