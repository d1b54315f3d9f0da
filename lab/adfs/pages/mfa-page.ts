import { escapeXml } from '../xml';
import { portalLayout, type PortalLook } from './layout';

export interface MfaPageOptions {
  readonly displayName: string;
  readonly action: string;
  /** The account's UPN, shown in the greeting. */
  readonly user: string;
  /** Opaque state the form carries back. */
  readonly context: string;
  /** After a code that was not right. */
  readonly errorText: string | null;
}

/** Asks for an additional factor after good primary credentials (field guide section 7.7). */
export function mfaPage(look: PortalLook, { displayName, action, user, context, errorText }: MfaPageOptions): string {
  const { texts } = look;
  // The description names the user from 2016 on.
  const description =
    look.generation === '3.0'
      ? `<div class="groupMargin">${texts.mfaGreeting}</div>`
      : `<div id="mfaGreetingDescription" class="groupMargin">${texts.mfaGreeting} (${escapeXml(user)})</div>`;
  const content = `<div id="authArea" class="groupMargin">
<div id="mfaGreeting"><div class="fieldMargin bigText">${texts.welcome} ${escapeXml(user)}</div>
${description}</div>
<form method="post" id="loginForm" autocomplete="off" action="${escapeXml(action)}">
<input id="authMethod" type="hidden" name="AuthMethod" value="AzureMfaAuthentication"/>
<input id="context" type="hidden" name="Context" value="${escapeXml(context)}"/>
<div id="error" class="fieldMargin error smallText"><label id="errorText" for="">${escapeXml(errorText ?? '')}</label></div>
<p id="instructions" class="groupMargin">${texts.mfaInstructions}</p>
<div class="fieldMargin"><label for="verificationCodeInput" class="hidden">${texts.verificationCode}</label>\
<input id="verificationCodeInput" name="VerificationCode" type="text" inputmode="numeric" class="text fullWidth" placeholder="${texts.verificationCode}" \
autocomplete="off"/></div>
<div id="submissionArea" class="submitMargin"><span id="signInButton" class="submit" role="button" tabindex="0" onclick="document.forms['loginForm'].submit()">\
${texts.signIn}</span></div>
</form>
</div>`;
  return portalLayout(look, { title: texts.signInTitle, displayName, content });
}
