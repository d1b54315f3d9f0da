import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-service-down',
  what: 'The AD FS service is stopped; HTTP.sys answers 503 on its addresses.',
  apply({ adfs }) {
    adfs.settings.serviceDown = true;
  },
  clear({ adfs }) {
    adfs.settings.serviceDown = false;
  },
};
