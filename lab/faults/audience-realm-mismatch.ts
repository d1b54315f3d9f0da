import type { Fault } from '../lab-types';

const withoutPort = (address: string): string => address.replace(/:\d+\/$/, '/');

export const fault: Fault = {
  id: 'audience-realm-mismatch',
  what:
    'A reverse proxy with link translation takes the port out of wtrealm, AD FS lists that address too and issues for it, ' +
    "and CRM's AudienceUris hold the address with its port.",
  apply({ adfs, crm }) {
    crm.settings.realmTranslation = withoutPort;
    for (const party of adfs.relyingParties)
      party.identifiers = [...party.identifiers, ...party.identifiers.map((identifier) => withoutPort(identifier.replace(/\/?$/, '/')))];
  },
  // The added identifiers go when the trusts are read again from CRM's metadata.
  clear({ crm }) {
    crm.settings.realmTranslation = null;
  },
};
