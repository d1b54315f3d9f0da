import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'token-replayed',
  what: 'A proxy in front of CRM sends the POST of the token twice; token replay detection refuses the second, whose answer the browser gets.',
  apply({ crm }) {
    crm.settings.postsTwice = true;
  },
  clear({ crm }) {
    crm.settings.postsTwice = false;
  },
};
