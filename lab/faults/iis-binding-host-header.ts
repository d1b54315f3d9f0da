import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'iis-binding-host-header',
  what: "The binding of the organization's host name was taken off CRM's web site; the other names still have theirs.",
  apply({ crm }) {
    crm.settings.unboundHosts = ['organization'];
  },
  clear({ crm }) {
    crm.settings.unboundHosts = [];
  },
};
