import { escapeXml } from '../xml';
import type { PageTexts } from './texts';

export type PortalGeneration = '3.0' | '2016' | '2019' | '2022';

/** How a farm of AD FS 3.0 or later shows itself. */
export interface PortalLook {
  readonly generation: PortalGeneration;
  /** User name and password on one page each (field guide section 7.3). */
  readonly paginated: boolean;
  /** The administrator's own onload.js changes the pages. */
  readonly customised: boolean;
  readonly texts: PageTexts;
}

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
  onload: '/adfs/portal/script/onload.js',
} as const;
const themeId = '?id=7c1f3a5e90b24d68af13c5e7092b4d6f81a3c5e7f9012b3d4f5a6c7e8091b2d3';

/** What the pages' frame tells a generation by (section 7.1; nothing is known of 2022's footer, so it has 2019's). */
const frames: Readonly<
  Record<PortalGeneration, { readonly compatible: string; readonly year: number; readonly main: 'div' | 'main'; readonly footer: 'div' | 'footer' }>
> = {
  '3.0': { compatible: 'IE=10.000', year: 2013, main: 'div', footer: 'div' },
  '2016': { compatible: 'IE=edge', year: 2016, main: 'div', footer: 'div' },
  '2019': { compatible: 'IE=edge', year: 2018, main: 'main', footer: 'footer' },
  '2022': { compatible: 'IE=edge', year: 2018, main: 'main', footer: 'footer' },
};

/** The frame of every page of AD FS 3.0 and later: illustration on the left, work area on the right, footer. */
export function portalLayout(look: PortalLook, { title, displayName, content, script }: LayoutOptions): string {
  const { compatible, year, main, footer } = frames[look.generation];
  return `<!DOCTYPE html>
<html lang="${look.texts.language}">
<head>
<meta http-equiv="X-UA-Compatible" content="${compatible}"/>
<meta name="viewport" content="width=device-width, initial-scale=1.0, user-scalable=1"/>
<meta http-equiv="content-type" content="text/html;charset=UTF-8"/>
<meta name="robots" content="noindex, nofollow"/>
<title>${escapeXml(title)}</title>
<meta name='mswebdialog-title' content='Connecting to ${escapeXml(displayName)}'/>
<link rel="icon" href="data:,"/>
<link rel="stylesheet" type="text/css" href="${themePaths.style}${themeId}"/>
</head>
<body dir="ltr" class="body">
<div id="noScript"><h1>JavaScript required</h1><p>JavaScript is required. This web browser does not support JavaScript or JavaScript in this web browser is \
not enabled.</p></div>
<script type="text/javascript">document.getElementById("noScript").style.display = "none";</script>
<div id="fullPage">
<div id="brandingWrapper" class="float"><div id="branding"></div></div>
<${main} id="contentWrapper" class="float">
<div id="content">
<div id="header">${escapeXml(displayName)}</div>
<div id="workArea">
${content}
</div>
</div>
<${footer} id="footer"><div id="footerLinks" class="floatReverse"><div><span id="copyright">&#169; ${year} Microsoft</span></div></div></${footer}>
</${main}>
</div>
${script ? `<script type="text/javascript">${script}</script>` : ''}
${look.customised ? `<script type="text/javascript" src="${themePaths.onload}${themeId}"></script>` : ''}
</body>
</html>
`;
}
