import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-app-pool-down',
  what: "CRM's app pool is stopped; HTTP.sys answers 503 on all its addresses.",
  apply({ crm }) {
    crm.settings.appPoolDown = true;
  },
  clear({ crm }) {
    crm.settings.appPoolDown = false;
  },
};
