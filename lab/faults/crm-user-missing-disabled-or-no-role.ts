import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-user-missing-disabled-or-no-role',
  what: "The account's user in CRM was disabled; the token is good, the session is set, and every page after it is an error.",
  apply({ crm }) {
    for (const user of crm.users) user.isDisabled = true;
  },
  clear({ crm }) {
    for (const user of crm.users) user.isDisabled = false;
  },
};
