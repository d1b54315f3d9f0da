import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-signing-cert-rolled',
  what: 'AD FS made a new token-signing certificate and promoted it to primary; CRM still trusts the old one.',
  async apply({ adfs }) {
    await adfs.certificates.generate();
    await adfs.certificates.promote();
  },
  clear: ({ adfs }) => adfs.certificates.reset(),
};
