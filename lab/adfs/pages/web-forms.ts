import { randomBytes } from 'node:crypto';
import { escapeXml } from '../xml';
import type { ErrorPageOptions } from './error-page';
import type { FormsPageOptions } from './forms-page';
import type { HomeRealmPageOptions } from './home-realm-page';
import type { PageTexts } from './texts';

/** How a farm of AD FS 2.0 or 2.1 shows itself. */
export interface WebFormsLook {
  /** The master page's prefix of every element id: .NET 4 (AD FS 2.1) left `ctl00_` out of it (field guide section 7.1). */
  readonly idPrefix: 'ctl00_ContentPlaceHolder1_' | 'ContentPlaceHolder1_';
  readonly texts: PageTexts;
}

const namePrefix = 'ctl00$ContentPlaceHolder1$';

/** What ASP.NET wants back with every form: state nobody reads here, yet a form without it is not one of these pages'. */
const stateField = (name: string, value: string): string => `<input type="hidden" name="${name}" id="${name}" value="${value}" />`;
const state = (): string =>
  `<div>${stateField('__VIEWSTATE', `/wEP${randomBytes(96).toString('base64')}`)}</div>\n` +
  `<div>${stateField('__VIEWSTATEGENERATOR', '0EE29E36')}` +
  `${stateField('__EVENTVALIDATION', `/wEW${randomBytes(36).toString('base64')}`)}${stateField('__db', '15')}</div>`;

const style = `body{margin:0;font:13px Tahoma,Verdana,Arial,sans-serif;color:#333;background:#fff}
.Header{background:#31588b;color:#fff;font-size:22px;padding:18px 30px}.GroupSmallMargin{margin:6px 0}.GroupLargeMargin{margin:14px 0}
.MainActionContainer{padding:24px 30px;max-width:640px}.TextSizeXLarge{font-size:19px;color:#31588b}.TextBold{font-weight:bold}
.UsernamePasswordTable td{padding:4px 12px 4px 0;vertical-align:top}.UsernameExample{color:#777}.ErrorText{color:#b00020}.Resizable{width:230px}`;

interface WebFormOptions {
  readonly title: string;
  readonly displayName: string;
  readonly action: string;
  readonly content: string;
}

/** The master page. */
function webForm({ texts }: WebFormsLook, { title, displayName, action, content }: WebFormOptions): string {
  return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="${texts.language}">
<head><title>
	${escapeXml(title)}
</title><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><link rel="icon" href="data:," /><style type="text/css">${style}</style></head>
<body>
<form name="aspnetForm" method="post" action="${escapeXml(action)}" id="aspnetForm">
${state()}
<div class="Header">${escapeXml(displayName)}</div>
<div class="MainActionContainer">
${content}
</div>
</form>
</body>
</html>
`;
}

/** FormsSignIn.aspx: element ids and field names of section 7.1; words and layout are the lab's own. */
export function webFormsSignIn(look: WebFormsLook, { displayName, action, userName, errorText }: FormsPageOptions): string {
  const { idPrefix, texts } = look;
  const control = (name: string): string => `id="${idPrefix}${name}" name="${namePrefix}${name}"`;
  const content = `<div class="GroupLargeMargin"><span class="TextSizeXLarge">${texts.signInTitle}</span></div>
<div class="GroupSmallMargin">${texts.typeUserNameAndPassword}</div>
<table class="UsernamePasswordTable">
<tr><td><span class="Label">${texts.userName}</span></td><td><input ${control('UsernameTextBox')} type="text" value="${escapeXml(userName)}" class="Resizable" \
/></td><td class="UsernameExample">${texts.userNameExample}</td></tr>
<tr><td><span class="Label">${texts.passwordLabel}</span></td><td><input ${control('PasswordTextBox')} type="password" class="Resizable" /></td><td></td></tr>
<tr><td></td><td colspan="2"><span id="${idPrefix}ErrorTextLabel" class="ErrorText">${escapeXml(errorText ?? '')}</span></td></tr>
<tr><td></td><td colspan="2"><input ${control('SubmitButton')} type="submit" value="${texts.signInButton}" class="Resizable" /></td></tr>
</table>`;
  return webForm(look, { title: texts.signInTitle, displayName, action, content });
}

/** What was typed, when the posted form is FormsSignIn.aspx's. */
export function typedIntoWebForm(form: URLSearchParams): { userName: string; password: string } | null {
  if (!form.has('__VIEWSTATE') || !form.has('__EVENTVALIDATION')) return null;
  const [userName, password] = [form.get(`${namePrefix}UsernameTextBox`), form.get(`${namePrefix}PasswordTextBox`)];
  return userName === null || password === null ? null : { userName, password };
}

/** HomeRealmDiscovery.aspx: a list instead of tiles. */
export function webFormsHomeRealm(look: WebFormsLook, { displayName, action, providers }: HomeRealmPageOptions): string {
  const { idPrefix, texts } = look;
  const options = providers.map(({ id, name }) => `<option value="${escapeXml(id)}">${escapeXml(name)}</option>`);
  const content = `<div class="GroupLargeMargin"><span class="TextSizeXLarge">${texts.signInTitle}</span></div>
<div class="GroupSmallMargin">${texts.selectOrganization}</div>
<div class="GroupSmallMargin"><select id="${idPrefix}PassiveIdentityProvidersDropDownList" name="${namePrefix}PassiveIdentityProvidersDropDownList">\
${options.join('')}</select></div>
<div class="GroupSmallMargin"><input id="${idPrefix}PassiveSignInButton" name="${namePrefix}PassiveSignInButton" type="submit" \
value="${texts.continueToSignIn}" /></div>`;
  return webForm(look, { title: texts.signInTitle, displayName, action, content });
}

/** The provider chosen, when the posted form is HomeRealmDiscovery.aspx's. */
export const chosenInWebForm = (form: URLSearchParams): string | null => form.get(`${namePrefix}PassiveIdentityProvidersDropDownList`);

/** The error page: no Activity ID yet, but a reference number under which the log has it (section 7.6). */
export function webFormsError(look: WebFormsLook, { displayName, activityId, detail }: ErrorPageOptions): string {
  const { texts } = look;
  const content = `<div class="GroupLargeMargin">${texts.problemAccessing}</div>
<div class="GroupSmallMargin">${texts.referenceNumber}: ${activityId}</div>
${detail === null ? '' : `<div class="GroupSmallMargin">${escapeXml(detail)}</div>`}`;
  return webForm(look, { title: texts.errorTitle, displayName, action: 'Error.aspx', content });
}

export function webFormsSignOut(look: WebFormsLook, displayName: string, cleanupAddresses: readonly string[]): string {
  const { texts } = look;
  const frames = cleanupAddresses.map((address) => `<iframe src="${escapeXml(address)}" style="display:none"></iframe>`).join('');
  return webForm(look, {
    title: texts.signOutTitle,
    displayName,
    action: 'SignOut.aspx',
    content: `<div class="GroupLargeMargin">${texts.signedOut}</div>${frames}`,
  });
}
