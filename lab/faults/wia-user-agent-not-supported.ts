import type { Fault } from '../lab-types';

/** AD FS's own default list (field guide section 8). */
const defaultAgents = [/MSIE [6-9]\.0/, /MSIE 10\.0; Windows NT 6/, /Trident\/7\.0/, /MSIPC/, /Windows Rights Management Client/, /Windows\s*NT.*Edg/];

export const fault: Fault = {
  id: 'wia-user-agent-not-supported',
  what:
    "AD FS's list of browsers for Windows sign-in is the default one, which lacks the probe's: " +
    'it gets the form over the internal route as well. Sign-in still works.',
  apply({ adfs }) {
    adfs.settings.wiaSupportedUserAgents = defaultAgents;
  },
  clear({ adfs }) {
    adfs.settings.wiaSupportedUserAgents = null;
  },
};
