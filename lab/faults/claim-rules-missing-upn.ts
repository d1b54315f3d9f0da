import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'claim-rules-missing-upn',
  what: 'The rule that passes the UPN through is missing on both CRM trusts; the token is good, but CRM finds no user name in it.',
  apply({ adfs }) {
    for (const party of adfs.relyingParties) party.passthroughClaims = party.passthroughClaims.filter((claim) => claim !== 'upn');
  },
  clear({ adfs }) {
    for (const party of adfs.relyingParties) party.passthroughClaims = ['upn', 'name', 'primarysid'];
  },
};
