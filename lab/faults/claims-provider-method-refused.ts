import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'claims-provider-method-refused',
  what: 'The claims provider signs people in by another method than was asked for; AD FS refuses it after the sign-in.',
  apply({ adfs }) {
    adfs.settings.refusesProvider = 'method';
    adfs.settings.showErrorDetails = true;
  },
  clear({ adfs }) {
    adfs.settings.refusesProvider = null;
    adfs.settings.showErrorDetails = false;
  },
};
