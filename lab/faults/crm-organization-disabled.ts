import type { CrmStandIn } from '../crm/crm';
import { notFound } from '../crm/responses';
import type { Fault } from '../lab-types';

const standIn: CrmStandIn = { obstacle: 'the organization is disabled', at: 'behind-session', answer: () => notFound };

export const fault: Fault = {
  id: 'crm-organization-disabled',
  what: 'The organization is disabled in Deployment Manager: sign-in works, its addresses answer 404.',
  apply({ crm }) {
    crm.settings.standIns.add(standIn);
  },
  clear({ crm }) {
    crm.settings.standIns.delete(standIn);
  },
};
