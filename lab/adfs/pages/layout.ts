import { escapeXml } from '../xml';

export interface LayoutOptions {
  readonly title: string;
  readonly displayName: string;
  /** Inside `#workArea`. */
  readonly content: string;
  /** Inside `<script>`, at the end of the page. */
  readonly script?: string;
}

/** Addresses of the theme's files: AD FS adds a hash of the content (field guide section 5.4). */
export const themePaths = {
  style: '/adfs/portal/css/style.css',
  illustration: '/adfs/portal/illustration/illustration.svg',
} as const;
const themeId = '?id=7c1f3a5e90b24d68af13c5e7092b4d6f81a3c5e7f9012b3d4f5a6c7e8091b2d3';

/** The frame of every AD FS 2016 page: illustration on the left, work area on the right, footer. */
export function layout2016({ title, displayName, content, script }: LayoutOptions): string {
  return `<!DOCTYPE html>
<html lang="en-US">
<head>
<meta http-equiv="X-UA-Compatible" content="IE=edge"/>
<meta name="viewport" content="width=device-width, initial-scale=1.0, user-scalable=1"/>
<meta http-equiv="content-type" content="text/html;charset=UTF-8"/>
<meta name="robots" content="noindex, nofollow"/>
<title>${escapeXml(title)}</title>
<meta name='mswebdialog-title' content='Connecting to ${escapeXml(displayName)}'/>
<link rel="icon" href="data:,"/>
<link rel="stylesheet" type="text/css" href="${themePaths.style}${themeId}"/>
</head>
<body dir="ltr" class="body">
<div id="noScript"><h1>JavaScript required</h1><p>JavaScript is required. This web browser does not support JavaScript or JavaScript in this web browser is not enabled.</p></div>
<script type="text/javascript">document.getElementById("noScript").style.display = "none";</script>
<div id="fullPage">
<div id="brandingWrapper" class="float"><div id="branding"></div></div>
<div id="contentWrapper" class="float">
<div id="content">
<div id="header">${escapeXml(displayName)}</div>
<div id="workArea">
${content}
</div>
</div>
<div id="footer"><div id="footerLinks" class="floatReverse"><div><span id="copyright">&#169; 2016 Microsoft</span></div></div></div>
</div>
</div>
${script ? `<script type="text/javascript">${script}</script>` : ''}
</body>
</html>
`;
}
