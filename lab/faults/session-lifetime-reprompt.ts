import type { Fault } from '../lab-types';

const defaultMinutes = 60;

export const fault: Fault = {
  id: 'session-lifetime-reprompt',
  what: 'The token lifetime of the CRM trusts was set to ten minutes; sign-in works, and CRM asks for a new token all ten minutes.',
  apply({ adfs }) {
    for (const party of adfs.relyingParties) party.tokenLifetimeMinutes = 10;
  },
  clear({ adfs }) {
    for (const party of adfs.relyingParties) party.tokenLifetimeMinutes = defaultMinutes;
  },
};
