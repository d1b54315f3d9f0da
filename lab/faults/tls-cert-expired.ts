import type { Fault } from '../lab-types';

const dayMs = 86_400_000;

export const fault: Fault = {
  id: 'tls-cert-expired',
  what: "AD FS's server certificate, from the right authority, ended yesterday.",
  async apply({ authority, healthy, presentStsCertificate }) {
    const now = Date.now();
    presentStsCertificate(
      await authority.issueServerCertificate({ hosts: [healthy.stsHost], notBefore: new Date(now - 366 * dayMs), notAfter: new Date(now - dayMs) }),
    );
  },
  clear({ healthy, presentStsCertificate }) {
    presentStsCertificate(healthy.stsCertificate);
  },
};
