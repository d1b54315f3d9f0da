import { randomUUID } from 'node:crypto';
import type { Fault } from '../lab-types';
import { resetPassword } from '../reset-password';

export const fault: Fault = {
  id: 'wrong-password',
  what: "The account's password was changed in Active Directory; the probe still has the old one.",
  apply({ account }) {
    account.password = `Changed-${randomUUID()}`;
  },
  async clear(lab) {
    await resetPassword(lab);
  },
};
