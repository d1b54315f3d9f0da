import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'clock-skew-crm-vs-adfs',
  what: "CRM's clock is ten minutes behind, so a fresh token's NotBefore lies in its future.",
  apply({ crm }) {
    crm.clock.offsetSeconds = -600;
  },
  clear({ crm }) {
    crm.clock.offsetSeconds = 0;
  },
};
