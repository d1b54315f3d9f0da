import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'claims-provider-certificate-unknown',
  what: 'The claims provider people sign in at signs with a new certificate; AD FS knows the old one and refuses its token.',
  apply({ adfs }) {
    adfs.settings.refusesProvider = 'certificate';
    adfs.settings.showErrorDetails = true;
  },
  clear({ adfs }) {
    adfs.settings.refusesProvider = null;
    adfs.settings.showErrorDetails = false;
  },
};
