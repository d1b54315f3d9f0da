import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-directory-failure',
  what: 'AD FS cannot read the account from its directory: no domain controller answers its LDAP query, after the credentials were good.',
  apply({ adfs }) {
    adfs.settings.directoryDown = true;
    adfs.settings.showErrorDetails = true;
  },
  clear({ adfs }) {
    adfs.settings.directoryDown = false;
    adfs.settings.showErrorDetails = false;
  },
};
