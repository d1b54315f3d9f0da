import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'tls-name-mismatch',
  what: "AD FS's server certificate, valid and from the right authority, is for other names than the federation service's.",
  async apply({ authority, healthy, presentStsCertificate }) {
    const [, ...domain] = healthy.stsHost.split('.');
    presentStsCertificate(await authority.issueServerCertificate({ hosts: [`login.${domain.join('.')}`, `www.${domain.join('.')}`] }));
  },
  clear({ healthy, presentStsCertificate }) {
    presentStsCertificate(healthy.stsCertificate);
  },
};
