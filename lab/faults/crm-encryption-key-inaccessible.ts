import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'crm-encryption-key-inaccessible',
  what: "The app pool's account lost its right to the private key of CRM's encryption certificate: CRM opens no token and cannot sign its metadata.",
  apply({ crm }) {
    crm.settings.encryptionKeyUnusable = true;
  },
  clear({ crm }) {
    crm.settings.encryptionKeyUnusable = false;
  },
};
