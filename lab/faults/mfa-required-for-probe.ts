import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'mfa-required-for-probe',
  what: 'AD FS asks for an additional factor after good primary credentials.',
  apply({ adfs }) {
    adfs.settings.requireMfa = true;
  },
  clear({ adfs }) {
    adfs.settings.requireMfa = false;
  },
};
