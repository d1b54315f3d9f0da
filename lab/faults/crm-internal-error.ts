import type { CrmStandIn } from '../crm/crm';
import { errorPageAddress } from '../crm/refusal-faces';
import { redirect } from '../crm/responses';
import type { Fault } from '../lab-types';

/** An error of CRM's own, not about sign-in (field guide §17). */
const unexpectedError = { errorCode: '0x80040216', details: 'An unexpected error occurred.' };

const standIn: CrmStandIn = {
  obstacle: 'CRM fails behind a good session',
  at: 'behind-session',
  answer: ({ path, search }) => redirect(errorPageAddress({ ...unexpectedError, requestUri: `${path}${search}` })),
};

export const fault: Fault = {
  id: 'crm-internal-error',
  what: 'CRM takes the token and sets its session, then every page ends in its error page with 0x80040216.',
  apply({ crm }) {
    crm.settings.standIns.add(standIn);
  },
  clear({ crm }) {
    crm.settings.standIns.delete(standIn);
  },
};
