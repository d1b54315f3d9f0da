import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'requested-auth-method-not-enabled',
  what: 'Forms authentication is off in AD FS; IFD asks for it by wauth.',
  apply({ adfs }) {
    adfs.settings.formsEnabled = false;
  },
  clear({ adfs }) {
    adfs.settings.formsEnabled = true;
  },
};
