import type { Fault } from '../lab-types';
import { createCertificateAuthority } from '../tls/certificate-authority';

export const fault: Fault = {
  id: 'tls-untrusted-chain',
  what: "AD FS's server certificate is from another authority than the one the clients trust.",
  async apply({ healthy, presentStsCertificate }) {
    const stranger = await createCertificateAuthority('Unknown');
    presentStsCertificate(await stranger.issueServerCertificate({ hosts: [healthy.stsHost] }));
  },
  clear({ healthy, presentStsCertificate }) {
    presentStsCertificate(healthy.stsCertificate);
  },
};
