import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'hrd-page-shown',
  what: 'A second claims provider trust was added to AD FS, so every browser is asked for its home realm first.',
  apply({ adfs }) {
    adfs.settings.claimsProviders = [
      { id: 'http://sts.fabrikam.example/adfs/services/trust', name: 'Fabrikam', signInUrl: 'https://sts.fabrikam.example/adfs/ls/' },
    ];
  },
  clear({ adfs }) {
    adfs.settings.claimsProviders = [];
  },
};
