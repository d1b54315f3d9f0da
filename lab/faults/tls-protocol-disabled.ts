import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'tls-protocol-disabled',
  what: "AD FS's server speaks TLS 1.0 and 1.1 only, which clients have switched off: no common protocol.",
  apply({ adfs }) {
    adfs.oldTlsOnly = true;
  },
  clear({ adfs }) {
    adfs.oldTlsOnly = false;
  },
};
