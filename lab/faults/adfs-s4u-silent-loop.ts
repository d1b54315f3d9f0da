import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-s4u-silent-loop',
  what:
    "AD FS's service account may not read the users: after a right password its own logon on the user's behalf (S4U) fails, " +
    'and it shows the form again. Windows sign-in needs no such logon.',
  apply({ adfs }) {
    adfs.settings.s4uFails = true;
  },
  clear({ adfs }) {
    adfs.settings.s4uFails = false;
  },
};
