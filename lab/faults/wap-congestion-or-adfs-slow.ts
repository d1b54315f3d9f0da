import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'wap-congestion-or-adfs-slow',
  what: 'AD FS shows its first page at once, then waits for a slow dependency after the authentication, and the proxy in front gives up with 503.',
  apply({ adfs }) {
    adfs.settings.congestion = { waitMs: 500 };
  },
  clear({ adfs }) {
    adfs.settings.congestion = null;
  },
};
