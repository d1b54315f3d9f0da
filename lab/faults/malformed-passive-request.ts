import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'malformed-passive-request',
  what: 'A rewriting rule in front of AD FS redirects /adfs/ls/?… to the bare path, and wa, wtrealm and wctx are lost.',
  apply({ adfs }) {
    adfs.settings.queryLost = true;
  },
  clear({ adfs }) {
    adfs.settings.queryLost = false;
  },
};
