import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-ifd-domain-malformed',
  what: 'A domain in the IFD settings has https:// in it: CRM cannot make the address to come back to, and fails before it redirects.',
  apply({ crm }) {
    crm.settings.ifdDomainMalformed = true;
  },
  clear({ crm }) {
    crm.settings.ifdDomainMalformed = false;
  },
};
