import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'dns-missing-or-wrong-target',
  what: "The DNS server answers NXDOMAIN for AD FS's name.",
  apply({ dns, healthy }) {
    dns.zone.delete(healthy.stsHost);
  },
  clear({ dns, healthy }) {
    dns.zone.set(healthy.stsHost, '127.0.0.1');
  },
};
