import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'upn-or-account-renamed-lsa-cache',
  what: "The account was renamed in Active Directory and in CRM; AD FS's LSA cache still has the old UPN, and that is what its tokens say.",
  apply({ account, crm }) {
    const before = account.upn;
    const after = `renamed.${before}`;
    account.upn = after;
    account.upnInLsaCache = before;
    for (const user of crm.users) if (user.upn === before) user.upn = after;
  },
  clear({ account, crm }) {
    const before = account.upnInLsaCache;
    if (!before) return;
    for (const user of crm.users) if (user.upn === account.upn) user.upn = before;
    account.upn = before;
    delete account.upnInLsaCache;
  },
};
