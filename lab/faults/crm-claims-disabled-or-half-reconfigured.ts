import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-claims-disabled-or-half-reconfigured',
  what:
    "KB 2686840's repair was left half-done: claims and IFD were disabled, IIS was reset, and the wizards were not run; " +
    'CRM asks for Windows credentials itself.',
  apply({ crm }) {
    crm.disableClaims();
    crm.iisreset();
  },
  // The lab sets the trust up anew once every fault is cleared.
  clear: () => undefined,
};
