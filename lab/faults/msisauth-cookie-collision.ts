import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'msisauth-cookie-collision',
  what: "CRM's session cookie MSISAuth for the shared parent domain reaches AD FS and hides its own; CRM (IFD) has the session renewed at once.",
  apply({ adfs, crm }) {
    adfs.settings.lastSsoCookieOnly = true;
    crm.settings.renewsSessions = true;
  },
  clear({ adfs, crm }) {
    adfs.settings.lastSsoCookieOnly = false;
    crm.settings.renewsSessions = false;
  },
};
