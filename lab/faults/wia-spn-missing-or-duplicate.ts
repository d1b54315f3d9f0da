import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'wia-spn-missing-or-duplicate',
  what: 'AD FS refuses every Windows sign-in, as with a missing or duplicate service principal name; forms (IFD) work.',
  apply({ adfs }) {
    adfs.settings.wiaRefusesAll = true;
  },
  clear({ adfs }) {
    adfs.settings.wiaRefusesAll = false;
  },
};
