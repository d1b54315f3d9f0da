import { escapeXml } from '../xml';
import { portalLayout, type PortalLook } from './layout';

/** Confirms the sign-out and calls every relying party visited in a hidden frame (field guide section 11.3). */
export function signOutPage(look: PortalLook, displayName: string, cleanupAddresses: readonly string[]): string {
  const frames = cleanupAddresses.map((address) => `<iframe src="${escapeXml(address)}"></iframe>`).join('');
  const content =
    `<div id="signoutArea"><div id="openingMessage" class="groupMargin bigText">${look.texts.signOutTitle}</div><div class="groupMargin">` +
    `${look.texts.signedOut}</div></div>${frames}`;
  return portalLayout(look, { title: look.texts.signOutTitle, displayName, content });
}
