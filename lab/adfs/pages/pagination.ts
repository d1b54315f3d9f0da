import type { PageTexts } from './texts';

/**
 * Makes two steps of the one form by script, with the ids and classes of Microsoft's published customisation (field guide section 7.3; the native
 * markup of AD FS 2019 is not known). A user name that is there already leads to the password at once.
 */
export const paginationScript = (texts: PageTexts, message: string): string => `
(function () {
  var by = function (id) { return document.getElementById(id); };
  var userName = by('userNameInput');
  var button = function (id, text, onclick) {
    var made = document.createElement('span');
    made.id = id;
    made.className = 'submit ' + id;
    made.tabIndex = 4;
    made.setAttribute('role', 'button');
    made.textContent = text;
    made.onclick = onclick;
    return made;
  };
  var banner = document.createElement('div');
  banner.id = 'identityBanner';
  by('passwordArea').parentNode.insertBefore(banner, by('passwordArea'));
  var show = function (step) {
    var password = step === 'password';
    by('loginMessage').textContent = password ? ${JSON.stringify(texts.enterPassword)} : ${JSON.stringify(message)};
    banner.textContent = password ? userName.value : '';
    by('userNameArea').style.display = next.style.display = password ? 'none' : '';
    by('passwordArea').style.display = by('submitButton').style.display = back.style.display = password ? '' : 'none';
    (password ? by('passwordInput') : userName).focus();
  };
  var toPassword = function () {
    if (!userName.value.match('[@\\\\\\\\]')) return Login.fail(new LoginErrors().userNameFormatError, userName);
    by('errorText').textContent = '';
    show('password');
    return false;
  };
  var next = button('nextButton', ${JSON.stringify(texts.next)}, toPassword);
  var back = button('backButton', ${JSON.stringify(texts.back)}, function () { show('userName'); });
  by('submissionArea').className += ' submitModified';
  by('submitButton').className += ' modifiedSignIn';
  by('submissionArea').insertBefore(back, by('submitButton'));
  by('submissionArea').appendChild(next);
  document.forms['loginForm'].onkeypress = function (event) {
    if (event.keyCode !== 13) return true;
    return next.style.display === 'none' ? Login.submitLoginRequest() : toPassword();
  };
  show(userName.value ? 'password' : 'userName');
})();
`;
