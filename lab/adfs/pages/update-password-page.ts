import { escapeXml } from '../xml';
import { portalLayout, type PortalLook } from './layout';

export interface UpdatePasswordPageOptions {
  readonly displayName: string;
  readonly action: string;
  readonly userName: string;
}

/** Wants the password changed before anything else (field guide section 7.7). */
export function updatePasswordPage(look: PortalLook, { displayName, action, userName }: UpdatePasswordPageOptions): string {
  const { texts } = look;
  const field = (area: string, id: string, name: string, label: string): string =>
    `<div id="${area}"><label for="${id}" class="hidden">${label}</label><input id="${id}" name="${name}" type="password" class="text fullWidth" ` +
    `placeholder="${label}" autocomplete="off"/></div>`;
  const content = `<div id="updatePasswordArea">
<form method="post" id="updatePasswordForm" autocomplete="off" action="${escapeXml(action)}">
<div class="groupMargin bigText">${texts.updatePasswordTitle}</div>
<div class="fieldMargin smallText"><span id="expiredNotification">${texts.mustUpdatePassword}</span></div>
<div id="userNameArea"><label for="userNameInput" class="hidden">${texts.userAccount}</label>\
<input id="userNameInput" name="UserName" type="text" value="${escapeXml(userName)}" class="text fullWidth" autocomplete="off"/></div>
${field('oldPasswordArea', 'oldPasswordInput', 'OldPassword', texts.oldPassword)}
${field('newPasswordArea', 'newPasswordInput', 'NewPassword', texts.newPassword)}
${field('confirmNewPasswordArea', 'confirmNewPasswordInput', 'ConfirmNewPassword', texts.confirmNewPassword)}
<div id="submissionArea" class="submitMargin">\
<span id="submitButton" class="submit" role="button" tabindex="0" onclick="document.forms['updatePasswordForm'].submit()">${texts.submit}</span></div>
</form>
</div>`;
  return portalLayout(look, { title: texts.updatePasswordTitle, displayName, content });
}
