import type { Fault } from '../lab-types';
import { resetPassword } from '../reset-password';

export const fault: Fault = {
  id: 'account-locked-disabled-restricted',
  what: 'The account is locked in Active Directory: its right password is refused over every way in, with the line for a wrong one.',
  apply({ account }) {
    account.lockedOut = true;
  },
  async clear(lab) {
    lab.account.lockedOut = false;
    await resetPassword(lab);
  },
};
