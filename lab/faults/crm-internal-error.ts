import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-internal-error',
  what: 'CRM takes the token and sets its session, then every page ends in its error page with 0x80040216.',
  apply({ crm }) {
    crm.settings.internalError = true;
  },
  clear({ crm }) {
    crm.settings.internalError = false;
  },
};
