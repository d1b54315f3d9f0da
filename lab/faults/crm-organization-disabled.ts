import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-organization-disabled',
  what: 'The organization is disabled in Deployment Manager: sign-in works, its addresses answer 404.',
  apply({ crm }) {
    crm.settings.organizationDisabled = true;
  },
  clear({ crm }) {
    crm.settings.organizationDisabled = false;
  },
};
