import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'token-post-blocked',
  what: 'A filter in front of CRM answers every POST with a token itself, with 403; everything else passes.',
  apply({ crm }) {
    crm.settings.tokenPostFilter = true;
  },
  clear({ crm }) {
    crm.settings.tokenPostFilter = false;
  },
};
