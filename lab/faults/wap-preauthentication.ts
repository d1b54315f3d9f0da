import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'wap-preauthentication',
  what: 'A Web Application Proxy authenticates people before CRM: it asks AD FS itself, which refuses its request as malformed.',
  apply({ adfs, crm }) {
    crm.settings.preauthenticates = true;
    adfs.settings.showErrorDetails = true;
  },
  clear({ adfs, crm }) {
    crm.settings.preauthenticates = false;
    adfs.settings.showErrorDetails = false;
  },
};
