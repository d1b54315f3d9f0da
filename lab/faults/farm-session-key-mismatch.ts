import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'farm-session-key-mismatch',
  what: 'Two CRM front ends behind a balancer without stickiness seal their session cookies with different keys.',
  apply({ crm }) {
    crm.settings.secondFrontEnd = true;
  },
  clear({ crm }) {
    crm.settings.secondFrontEnd = false;
  },
};
