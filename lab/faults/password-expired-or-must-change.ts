import type { Fault } from '../lab-types';
import { resetPassword } from '../reset-password';

export const fault: Fault = {
  id: 'password-expired-or-must-change',
  what: "The account's password has expired in Active Directory; AD FS's update-password page is switched on, and Windows sign-in is refused.",
  apply({ account, adfs }) {
    account.mustChangePassword = true;
    adfs.settings.updatePasswordPage = true;
  },
  async clear(lab) {
    lab.account.mustChangePassword = false;
    lab.adfs.settings.updatePasswordPage = false;
    await resetPassword(lab);
  },
};
