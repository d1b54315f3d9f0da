import { escapeXml } from '../xml';
import { layout2016 } from './layout';

/** Confirms the sign-out and calls every relying party visited in a hidden frame (field guide section 11.3). */
export function signOutPage2016(displayName: string, cleanupAddresses: readonly string[]): string {
  const frames = cleanupAddresses.map((address) => `<iframe src="${escapeXml(address)}"></iframe>`).join('');
  const content = `<div id="signoutArea"><div id="openingMessage" class="groupMargin bigText">Sign Out</div><div class="groupMargin">You have successfully signed out.</div></div>${frames}`;
  return layout2016({ title: 'Sign Out', displayName, content });
}
