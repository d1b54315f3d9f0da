import type { Fault } from '../lab-types';

const withoutPort = (address: string): string => address.replace(/:\d+\/$/, '/');

export const fault: Fault = {
  id: 'rp-identifier-missing',
  what:
    "CRM's web addresses were changed in Deployment Manager (a load balancer took over the port); " +
    'the trusts in AD FS were not updated and do not know them.',
  apply({ crm }) {
    crm.settings.webAddressChange = withoutPort;
  },
  clear({ crm }) {
    crm.settings.webAddressChange = null;
  },
};
