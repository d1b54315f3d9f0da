import { escapeXml } from '../xml';
import { layout2016 } from './layout';

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
const script = `document.getElementById('cookieState').textContent = navigator.cookieEnabled ? 'enabled' : 'disabled';`;

/** The generic error page: no MSIS number, but the Activity ID under which the log has it (field guide section 7.6). */
export function errorPage2016(options: ErrorPageOptions): string {
  const content = `<div id="errorArea">
<div id="openingMessage" class="groupMargin bigText">An error occurred</div>
<div id="errorMessage" class="groupMargin">An error occurred. Contact your administrator for more information.</div>
${options.detail === null ? '' : `<div id="errorDetail" class="groupMargin">${escapeXml(options.detail)}</div>`}
<div id="errorDetailsLink"><a href="#" onclick="var list = document.getElementById('errorDetails'); list.style.display = list.style.display === 'none' ? '' : 'none'; return false;">Error details</a></div>
<ul id="errorDetails">
<li id="activityId">Activity ID: ${options.activityId}</li>
<li id="relyingParty">Relying party: ${escapeXml(options.relyingParty)}</li>
<li id="timestamp">Error time: ${options.time.toUTCString()}</li>
<li id="cookie">Cookie: <span id="cookieState"></span></li>
<li id="userAgent">User agent string: ${escapeXml(options.userAgent)}</li>
</ul>
</div>`;
  return layout2016({ title: 'Error', displayName: options.displayName, content, script });
}
