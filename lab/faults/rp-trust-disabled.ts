import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'rp-trust-disabled',
  what: 'Both relying-party trusts of CRM are disabled in AD FS.',
  apply({ adfs }) {
    for (const party of adfs.relyingParties) party.enabled = false;
  },
  clear({ adfs }) {
    for (const party of adfs.relyingParties) party.enabled = true;
  },
};
