import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'adfs-signing-cert-secondary-pending',
  what: 'AD FS made a new token-signing certificate, which waits as secondary; sign-in still works.',
  apply: ({ adfs }) => adfs.certificates.generate(),
  clear: ({ adfs }) => adfs.certificates.reset(),
};
