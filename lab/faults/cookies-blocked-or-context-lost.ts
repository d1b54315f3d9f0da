import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'cookies-blocked-or-context-lost',
  what: 'CRM sets its session cookie for a domain it is not in; the browser refuses the cookie, and CRM and AD FS send it round in circles.',
  apply({ crm }) {
    crm.settings.sessionCookieDomain = 'crm.contoso.invalid';
  },
  clear({ crm }) {
    crm.settings.sessionCookieDomain = null;
  },
};
