import { escapeXml } from '../xml';
import { paginationScript } from './pagination';
import { portalLayout, type PortalLook } from './layout';
import type { PageTexts } from './texts';

/** Ways to sign in that the form offers besides itself, as their `AuthMethod`. */
export type OptionLink = 'CertificateAuthentication' | 'AzureMfaAuthentication';

export interface FormsPageOptions {
  readonly displayName: string;
  /** Path and query the form posts to. */
  readonly action: string;
  /** Kept after a refused attempt, or known before the first. */
  readonly userName: string;
  readonly errorText: string | null;
  /** "Keep me signed in" is offered. */
  readonly keepSignedIn: boolean;
  readonly optionLinks: readonly OptionLink[];
}

const script = (texts: PageTexts): string => `
function LoginErrors() {
  this.userNameFormatError = ${inScript(texts.userNameFormat)};
  this.passwordEmpty = ${inScript(texts.passwordEmpty)};
  this.passwordTooLong = ${inScript(texts.passwordTooLong)};
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
function SelectOption(option) {
  document.getElementById('optionSelection').value = option;
  document.forms['options'].submit();
  return false;
}
(function () {
  var userName = document.getElementById(Login.userNameInput);
  (userName.value ? document.getElementById(Login.passwordInput) : userName).focus();
})();
`;

/** A JavaScript string that neither ends the script nor needs escaping in a page. */
const inScript = (text: string): string => JSON.stringify(text).replace(/[<>]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** What the generations write differently (field guide section 7.1). */
function parts(look: PortalLook): {
  readonly message: string;
  readonly error: (text: string) => string;
  readonly userLabel: string;
  readonly buttonRole: string;
  readonly optionsHolder: string;
} {
  const { generation, texts } = look;
  const newest = generation === '2019' || generation === '2022';
  return {
    message: newest ? texts.loginMessage2019 : texts.loginMessage,
    error: (text) =>
      generation === '3.0'
        ? `<label id="errorText" for="">${text}</label>`
        : `<span id="errorText" for=""${newest ? ' aria-live="assertive" role="alert"' : ''}>${text}</span>`,
    userLabel: generation === '3.0' ? '' : `<label id="userNameInputLabel" for="userNameInput" class="hidden">${texts.userAccount}</label>`,
    buttonRole: generation === '3.0' ? '' : ' role="button"',
    optionsHolder: newest ? '<input id="userNameInputOptionsHolder" type="hidden" name="UserName"/>' : '',
  };
}

/** The sign-in form of AD FS 3.0 and later: ids, names and texts of field guide sections 7.1 and 7.2. */
export function formsPage(look: PortalLook, { displayName, action, userName, errorText, keepSignedIn, optionLinks }: FormsPageOptions): string {
  const { texts } = look;
  const { message, error, userLabel, buttonRole, optionsHolder } = parts(look);
  const onEnter = 'if (event &amp;&amp; event.keyCode == 13) Login.submitLoginRequest();';
  const optionText = { CertificateAuthentication: texts.certificateOption, AzureMfaAuthentication: texts.azureMfaOption };
  const links = optionLinks.map(
    (option) =>
      `<div class="actionLink"><a id="${option}" tabindex="6" role="link" href="#" onclick="return SelectOption('${option}');">${optionText[option]}</a></div>`,
  );
  const content = `<div id="authArea" class="groupMargin">
<div id="loginArea">
<div id="loginMessage" class="groupMargin">${message}</div>
<form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" onkeypress="${onEnter}" action="${escapeXml(action)}">
<div id="error" class="fieldMargin error smallText">${error(escapeXml(errorText ?? ''))}</div>
<div id="formsAuthenticationArea">
<div id="userNameArea">${userLabel}<input id="userNameInput" name="UserName" type="email" value="${escapeXml(userName)}" tabindex="1" class="text fullWidth" \
spellcheck="false" placeholder="${texts.userExample}" autocomplete="off"/></div>
<div id="passwordArea"><label id="passwordInputLabel" for="passwordInput" class="hidden">${texts.password}</label>\
<input id="passwordInput" name="Password" type="password" tabindex="2" class="text fullWidth" placeholder="${texts.password}" autocomplete="off"/></div>
<div id="kmsiArea" style="${keepSignedIn ? '' : 'display:none'}"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true" tabindex="3"/>\
<label for="kmsiInput">${texts.keepSignedIn}</label></div>
<div id="submissionArea" class="submitMargin"><span id="submitButton" class="submit" tabindex="4"${buttonRole} onkeypress="${onEnter}" onclick="return \
Login.submitLoginRequest();">${texts.signIn}</span></div>
</div>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/>
</form>
<div id="authOptions"><form id="options" method="post" action="${escapeXml(action)}"><input id="optionSelection" type="hidden" name="AuthMethod"/>\
${optionsHolder}<div class="groupMargin" id="authOptionLinks">${links.join('')}</div></form></div>
<div id="introduction" class="groupMargin"></div>
</div>
</div>`;
  const pagination = look.paginated ? paginationScript(texts, message) : '';
  return portalLayout(look, { title: texts.signInTitle, displayName, content, script: script(texts) + pagination });
}

/** What was typed, when the posted form is this one. */
export const typedIntoForm = (form: URLSearchParams): { userName: string; password: string } | null =>
  form.get('AuthMethod') === 'FormsAuthentication' ? { userName: form.get('UserName') ?? '', password: form.get('Password') ?? '' } : null;
