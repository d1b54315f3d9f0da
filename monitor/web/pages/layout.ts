/** The frame around every page: head, navigation, who is signed in; everything works without script. */
import { Markup, markup } from '../../../reports/html/markup';
import { minuteText } from '../../../reports/words/time';
import type { SlotVerdict } from '../../../contracts/monitoring';
import { assetAddresses } from '../assets/assets';
import type { Visitor } from '../guard/gate';

export interface Page {
  readonly title: string;
  /** The entry of the navigation this page belongs to. */
  readonly current: 'overview' | 'certificates' | 'alerts' | 'slots' | 'silences' | 'wall' | null;
  readonly main: Markup;
  /** Updated by itself, so many seconds apart where there is no script; null = a page that does not change. */
  readonly refreshSeconds: number | null;
  /** Colours the icon of the tab. */
  readonly tone?: SlotVerdict;
  /** Large type, without navigation. */
  readonly wall?: boolean;
}

export interface Frame {
  readonly visitor: Visitor;
  /** Token for the form that signs out. */
  readonly token: string;
  readonly now: Date;
  readonly tool: string;
  /** Whether there is anything to sign in to. */
  readonly canSignIn: boolean;
  /** Path and query of this page. */
  readonly path: string;
  /** Without script: the reader has stopped the page from loading itself again. */
  readonly still: boolean;
}

const entries = [
  ['overview', '/', 'Overview'],
  ['certificates', '/certificates', 'Certificates'],
  ['alerts', '/alerts', 'Alerts'],
  ['slots', '/slots', 'Slots'],
  ['silences', '/silences', 'Silences'],
  ['wall', '/wall', 'Wall'],
] as const;

const roleLabels = { viewer: 'viewer', operator: 'operator' } as const;

const account = ({ visitor, token, canSignIn, path }: Frame): Markup => {
  if (visitor.signedIn)
    return markup`<form method="post" action="/sign-out" class="account">\
<span>${visitor.name} <span class="muted">(${visitor.role === null ? '' : roleLabels[visitor.role]})</span></span>\
<input type="hidden" name="token" value="${token}"><button class="quiet">Sign out</button></form>`;
  const who = visitor.role === null ? null : markup`<span class="muted">On this machine: ${roleLabels[visitor.role]}</span>`;
  return markup`<div class="account">${who}${canSignIn ? markup`<a href="/sign-in?to=${encodeURIComponent(path)}">Sign in</a>` : null}</div>`;
};

const stillAddress = (path: string, still: boolean): string => {
  const url = new URL(path, 'http://page');
  if (still) url.searchParams.delete('still');
  else url.searchParams.set('still', '1');
  return url.pathname + url.search;
};

/** The whole document. */
export const renderPage = (page: Page, frame: Frame): string => {
  const navigation = entries.map(
    ([key, address, label]) => markup`<li><a href="${address}"${new Markup(page.current === key ? ' aria-current="page"' : '')}>${label}</a></li>`,
  );
  const reload = page.refreshSeconds !== null && !frame.still && markup`<noscript><meta http-equiv="refresh" content="${page.refreshSeconds}"></noscript>`;
  const live = page.refreshSeconds === null ? '' : ' data-live';
  return markup`${new Markup('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8"><title>${page.title} – signin-probe</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${assetAddresses.style}"><link rel="icon" type="image/svg+xml" id="icon" href="${assetAddresses.icon(page.tone ?? null)}">${reload}
<script src="${assetAddresses.script}" defer></script></head>
<body class="${page.wall ? 'wall' : 'page'}"${new Markup(live)}>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><p class="brand"><a href="/">signin-probe</a></p>
${frame.visitor.role === null ? null : markup`<nav aria-label="Pages"><ul>${navigation}</ul></nav>`}${account(frame)}</header>
<main id="main" tabindex="-1">${page.main}</main>
<footer class="foot"><p>As of <time id="as-of" datetime="${frame.now.toISOString()}">${minuteText(frame.now.toISOString())}</time>. All times are in UTC. \
signin-probe ${frame.tool}.
<span id="live-status"></span>${
    page.refreshSeconds === null
      ? null
      : markup`<noscript> Without script this page ${
          frame.still
            ? markup`stands still. <a href="${stillAddress(frame.path, true)}">Load it again by itself</a>`
            : markup`is loaded again every ${page.refreshSeconds} s. <a href="${stillAddress(frame.path, false)}">Stop that</a>`
        }.</noscript>`
  }</p></footer>
<p id="announce" class="unseen" role="status"></p>
</body></html>`.text;
};
