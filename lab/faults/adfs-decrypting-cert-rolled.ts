import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-decrypting-cert-rolled',
  what: "AD FS has a new token-decrypting certificate; the signing certificate is the same, and CRM's users notice nothing.",
  apply: ({ adfs }) => adfs.certificates.rollDecrypting(),
  clear: ({ adfs }) => adfs.certificates.reset(),
};
