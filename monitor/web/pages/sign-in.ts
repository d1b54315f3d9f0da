/** Who are you? A user name and password, an OpenID provider, or on loopback the operator key. */
import { markup } from '../../../reports/html/markup';
import { hiddenToken } from '../parts/forms';
import type { Page } from './layout';

export interface SignInView {
  readonly passwords: boolean;
  readonly oidc: boolean;
  readonly operatorKey: boolean;
  readonly token: string;
  /** Path to go to afterwards. */
  readonly goTo: string;
  /** Why the last attempt failed. */
  readonly why: string | null;
  readonly user: string;
}

export const signInPage = ({ passwords, oidc, operatorKey, token, goTo, why, user }: SignInView): Page => ({
  title: 'Sign in',
  current: null,
  refreshSeconds: null,
  main: markup`<div class="message"><div class="card"><h1>Sign in</h1>${
    why === null ? '' : markup`<p class="notice is-broken" role="alert" id="why">${why}</p>`
  }
${
  passwords
    ? markup`<form method="post" action="/sign-in">${hiddenToken(token)}<input type="hidden" name="to" value="${goTo}"><label><span>User name</span>\
<input name="user" value="${user}" required maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false"></label><label>\
<span>Password</span><input name="password" type="password" required maxlength="1024" autocomplete="current-password"></label>\
<button class="main">Sign in</button></form>`
    : ''
}
${oidc ? markup`<p><a class="button" href="/sign-in/oidc?to=${encodeURIComponent(goTo)}">Sign in with the organisation’s account</a></p>` : ''}
${
  operatorKey
    ? markup`<p>On this machine everybody may look. To run now, silence and acknowledge, give the operator key that <code>watch</code> printed when it started.\
</p><form method="post" action="/sign-in">${hiddenToken(token)}<input type="hidden" name="to" value="${goTo}"><label><span>Operator key</span>\
<input name="key" type="password" required maxlength="64" autocomplete="off"></label><button class="main">Go on as operator</button></form>`
    : ''
}</div></div>`,
});
