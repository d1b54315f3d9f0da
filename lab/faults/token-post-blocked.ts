import type { CrmStandIn } from '../crm/crm';
import type { Answer } from '../crm/responses';
import type { Fault } from '../lab-types';

/** A filter in front of CRM takes the XML in wresult for an attack. */
const blockedByFilter: Answer = {
  status: 403,
  byHttpSys: true,
  headers: { Server: 'gateway', Via: '1.1 gateway' },
  body: '<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Your support ID is: 4711230815</body></html>',
};

const standIn: CrmStandIn = {
  obstacle: 'a filter in front of CRM stops every token',
  at: 'in-front',
  answer: (_, form) => (form.has('wresult') ? blockedByFilter : null),
};

export const fault: Fault = {
  id: 'token-post-blocked',
  what: 'A filter in front of CRM answers every POST with a token itself, with 403; everything else passes.',
  apply({ crm }) {
    crm.settings.standIns.add(standIn);
  },
  clear({ crm }) {
    crm.settings.standIns.delete(standIn);
  },
};
