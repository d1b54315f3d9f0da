import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: 'wia-intranet-zone-not-configured',
  what:
    'The probe signs in as the Windows account it runs as, and its browser answers the challenge with nothing: ' +
    'not allowed to, or without a ticket. The servers are as ever.',
  apply: async ({ client }) => client?.setAccount('windows-current'),
  clear: async ({ client }) => client?.setAccount('password'),
};
