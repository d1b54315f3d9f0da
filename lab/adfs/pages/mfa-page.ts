import { escapeXml } from '../xml';
import { layout2016 } from './layout';

export interface MfaPageOptions {
  readonly displayName: string;
  readonly action: string;
  /** The account's UPN, shown in the greeting. */
  readonly user: string;
  /** Opaque state the form carries back. */
  readonly context: string;
}

/** Asks for an additional factor after good primary credentials (field guide section 7.7). */
export function mfaPage2016({ displayName, action, user, context }: MfaPageOptions): string {
  const content = `<div id="authArea" class="groupMargin">
<div id="mfaGreeting"><div class="fieldMargin bigText">Welcome ${escapeXml(user)}</div>
<div id="mfaGreetingDescription" class="groupMargin">For security reasons, we require additional information to verify your account (${escapeXml(user)})</div></div>
<form method="post" id="loginForm" autocomplete="off" action="${escapeXml(action)}">
<input id="authMethod" type="hidden" name="AuthMethod" value="AzureMfaAuthentication"/>
<input id="context" type="hidden" name="Context" value="${escapeXml(context)}"/>
<p id="instructions" class="groupMargin">Enter the verification code from your authenticator app.</p>
<div class="fieldMargin"><label for="verificationCodeInput" class="hidden">Verification code</label><input id="verificationCodeInput" name="VerificationCode" type="text" inputmode="numeric" class="text fullWidth" placeholder="Verification code" autocomplete="off"/></div>
<div id="submissionArea" class="submitMargin"><span id="signInButton" class="submit" role="button" tabindex="0" onclick="document.forms['loginForm'].submit()">Sign in</span></div>
</form>
</div>`;
  return layout2016({ title: 'Sign In', displayName, content });
}
