import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'account-locked-disabled-restricted',
  what: 'The account is locked in Active Directory: its right password is refused over every way in, with the line for a wrong one.',
  apply({ account }) {
    account.lockedOut = true;
  },
  clear({ account }) {
    account.lockedOut = false;
  },
};
