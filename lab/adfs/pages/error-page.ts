import { escapeXml } from '../xml';
import { portalLayout, type PortalLook } from './layout';
import type { PageTexts } from './texts';

export interface ErrorPageOptions {
  readonly displayName: string;
  readonly activityId: string;
  /** Blank when AD FS could not find the trust. */
  readonly relyingParty: string;
  readonly time: Date;
  readonly userAgent: string;
  /** The MSIS text, only where the farm shows it. */
  readonly detail: string | null;
}

// Only the browser knows whether it takes cookies.
const script = (texts: PageTexts): string =>
  `document.getElementById('cookieState').textContent = navigator.cookieEnabled ? '${texts.enabled}' : '${texts.disabled}';`;

/** The generic error page: no MSIS number, but the Activity ID under which the log has it (field guide section 7.6). */
export function errorPage(look: PortalLook, options: ErrorPageOptions): string {
  const { texts } = look;
  const content = `<div id="errorArea">
<div id="openingMessage" class="groupMargin bigText">${texts.errorOpening}</div>
<div id="errorMessage" class="groupMargin">${texts.errorMessage}</div>
${options.detail === null ? '' : `<div id="errorDetail" class="groupMargin">${escapeXml(options.detail)}</div>`}
<div id="errorDetailsLink"><a href="#" onclick="var list = document.getElementById('errorDetails'); list.style.display = list.style.display === 'none' ? '' : \
'none'; return false;">${texts.errorDetails}</a></div>
<ul id="errorDetails">
<li id="activityId">${texts.activityId}: ${options.activityId}</li>
<li id="relyingParty">${texts.relyingParty}: ${escapeXml(options.relyingParty)}</li>
<li id="timestamp">${texts.errorTime}: ${options.time.toUTCString()}</li>
<li id="cookie">${texts.cookie}: <span id="cookieState"></span></li>
<li id="userAgent">${texts.userAgent}: ${escapeXml(options.userAgent)}</li>
</ul>
</div>`;
  return portalLayout(look, { title: texts.errorTitle, displayName: options.displayName, content, script: script(texts) });
}
