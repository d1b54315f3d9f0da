import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-issuer-name-changed',
  what: 'The federation service identifier of AD FS was changed; CRM knows the issuer by its old name.',
  apply({ adfs }) {
    const renamed = new URL(adfs.entityId);
    renamed.hostname = `login.${renamed.hostname}`;
    adfs.entityId = renamed.href;
  },
  clear({ adfs, healthy }) {
    adfs.entityId = healthy.entityId;
  },
};
