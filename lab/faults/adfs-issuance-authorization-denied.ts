import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-issuance-authorization-denied',
  what: 'The issuance authorization rules of both CRM trusts deny the account.',
  apply({ adfs }) {
    for (const party of adfs.relyingParties) party.permitsIssuance = false;
  },
  clear({ adfs }) {
    for (const party of adfs.relyingParties) delete party.permitsIssuance;
  },
};
