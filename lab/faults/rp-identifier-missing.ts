import type { Fault } from '../lab-types';

const withoutSlash = (identifier: string): string => identifier.replace(/\/$/, '');

export const fault: Fault = {
  id: 'rp-identifier-missing',
  what: "The identifiers of CRM's internal and organization addresses were taken off the relying-party trusts in AD FS.",
  apply({ adfs, crm }) {
    const realms = [crm.addresses.internal, crm.addresses.organization].map(withoutSlash);
    for (const party of adfs.relyingParties) party.identifiers = party.identifiers.filter((identifier) => !realms.includes(withoutSlash(identifier)));
  },
  // The trusts are read again from CRM's metadata once every fault is cleared.
  clear: () => undefined,
};
