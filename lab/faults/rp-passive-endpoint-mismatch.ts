import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'rp-passive-endpoint-mismatch',
  what: 'CRM moved to new host names, the trusts in AD FS still post tokens to the old host, which is gone.',
  apply({ adfs, crm }) {
    const domain = crm.hosts.auth.slice(crm.hosts.auth.indexOf('.') + 1);
    for (const party of adfs.relyingParties) party.wsFedEndpoint = `https://oldcrm.${domain}:${crm.port}/`;
  },
  // The endpoints are read again from CRM's metadata once every fault is cleared.
  clear: () => undefined,
};
