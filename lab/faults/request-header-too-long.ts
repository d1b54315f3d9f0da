import type { Fault } from '../lab-types';
import { usualSessionBytes } from '../crm/session-cookies';

export const fault: Fault = {
  id: 'request-header-too-long',
  what: "The session CRM keeps in its cookies has grown so large that the next request's Cookie header is above HTTP.sys's 16 KB; HTTP.sys answers 400.",
  apply({ crm }) {
    crm.settings.sessionTokenBytes = 14_000;
  },
  clear({ crm }) {
    crm.settings.sessionTokenBytes = usualSessionBytes;
  },
};
