import { escapeXml } from '../xml';
import { layout2016 } from './layout';

export interface FormsPageOptions {
  readonly displayName: string;
  /** Path and query the form posts to. */
  readonly action: string;
  /** Kept after a refused attempt. */
  readonly userName: string;
  readonly errorText: string | null;
}

/** Shown after a wrong user name or password (field guide section 7.2). */
export const wrongPasswordText = 'Incorrect user ID or password. Type the correct user ID and password, and try again.';

const script = `
function LoginErrors() {
  this.userNameFormatError = 'Enter your user ID in the format \\u0022domain\\\\user\\u0022 or \\u0022user@domain\\u0022.';
  this.passwordEmpty = 'Enter your password.';
  this.passwordTooLong = 'Password is too long (\\u003e 128 characters).';
}
var maxPasswordLength = 128;
function Login() {}
Login.userNameInput = 'userNameInput';
Login.passwordInput = 'passwordInput';
Login.fail = function (message, field) {
  document.getElementById('errorText').textContent = message;
  field.focus();
  field.select();
  return false;
};
Login.submitLoginRequest = function () {
  var errors = new LoginErrors();
  var userName = document.getElementById(Login.userNameInput);
  var password = document.getElementById(Login.passwordInput);
  if (!userName.value || !userName.value.match('[@\\\\\\\\]')) return Login.fail(errors.userNameFormatError, userName);
  if (!password.value) return Login.fail(errors.passwordEmpty, password);
  if (password.value.length > maxPasswordLength) return Login.fail(errors.passwordTooLong, password);
  document.forms['loginForm'].submit();
  return false;
};
(function () {
  var userName = document.getElementById(Login.userNameInput);
  (userName.value ? document.getElementById(Login.passwordInput) : userName).focus();
})();
`;

/** The sign-in form of AD FS 2016: ids, names and texts of field guide sections 7.1 and 7.2. */
export function formsPage2016({ displayName, action, userName, errorText }: FormsPageOptions): string {
  const onEnter = 'if (event &amp;&amp; event.keyCode == 13) Login.submitLoginRequest();';
  const content = `<div id="authArea" class="groupMargin">
<div id="loginArea">
<div id="loginMessage" class="groupMargin">Sign in with your organizational account</div>
<form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" onkeypress="${onEnter}" action="${escapeXml(action)}">
<div id="error" class="fieldMargin error smallText"><span id="errorText" for="">${escapeXml(errorText ?? '')}</span></div>
<div id="formsAuthenticationArea">
<div id="userNameArea"><label id="userNameInputLabel" for="userNameInput" class="hidden">User Account</label><input id="userNameInput" name="UserName" type="email" value="${escapeXml(userName)}" tabindex="1" class="text fullWidth" spellcheck="false" placeholder="someone@example.com" autocomplete="off"/></div>
<div id="passwordArea"><label id="passwordInputLabel" for="passwordInput" class="hidden">Password</label><input id="passwordInput" name="Password" type="password" tabindex="2" class="text fullWidth" placeholder="Password" autocomplete="off"/></div>
<div id="kmsiArea" style="display:none"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true" tabindex="3"/><label for="kmsiInput">Keep me signed in</label></div>
<div id="submissionArea" class="submitMargin"><span id="submitButton" class="submit" tabindex="4" role="button" onkeypress="${onEnter}" onclick="return Login.submitLoginRequest();">Sign in</span></div>
</div>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/>
</form>
<div id="authOptions"><form id="options" method="post" action="${escapeXml(action)}"><input id="optionSelection" type="hidden" name="AuthMethod"/><div class="groupMargin" id="authOptionLinks"></div></form></div>
<div id="introduction" class="groupMargin"></div>
</div>
</div>`;
  return layout2016({ title: 'Sign In', displayName, content, script });
}
