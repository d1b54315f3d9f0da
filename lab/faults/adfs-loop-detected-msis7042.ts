import type { Fault } from '../lab-types';

const usual = { enabled: true, maxTokens: 5, intervalSeconds: 20 } as const;

export const fault: Fault = {
  id: 'adfs-loop-detected-msis7042',
  what: "CRM answers every good token with a new sign-in request, and AD FS's loop detection, set to one token in 20 seconds, stops the browser.",
  apply({ adfs, crm }) {
    crm.settings.rechallengesEveryToken = true;
    adfs.settings.loopDetection = { ...usual, maxTokens: 1 };
  },
  clear({ adfs, crm }) {
    crm.settings.rechallengesEveryToken = false;
    adfs.settings.loopDetection = { ...usual };
  },
};
