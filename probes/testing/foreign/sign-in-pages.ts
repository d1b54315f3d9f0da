/** Sign-in pages as different makers write them. None is AD FS's. */
import { escapeHtml, html, type Reply } from './virtual-hosts';

export interface SignInView {
  /** Where the form posts to. */
  readonly action: string;
  readonly error: string | null;
  /** Two-page sign-ins ask for the user first. */
  readonly step: 'user' | 'password';
}
export type SignInPage = (view: SignInView) => Reply;

const note = (error: string | null): string => (error ? `<p class="message">${error}</p>` : '');
const form = (action: string, inside: string, attributes = ''): string => `<form method="post" action="${escapeHtml(action)}" ${attributes}>${inside}</form>`;

/** A form whose controls are drawn by script after the page has loaded; errors come into the same document. */
const byScript = ({ action }: SignInView): Reply =>
  html(
    'Anmeldung',
    `<div id="root"></div><script>
setTimeout(() => {
  const root = document.getElementById('root');
  root.innerHTML = '<label>Konto <input class="u" autocomplete="off"></label><label>Kennwort <input class="p" type="password"></label>\
<button class="go" disabled>Weiter</button><div class="hinweis" role="alert"></div>';
  const [user, password, button, hint] = root.querySelectorAll('.u, .p, .go, .hinweis');
  let state = { user: '', pass: '' };
  user.addEventListener('input', () => { state.user = user.value; draw(); });
  password.addEventListener('input', () => { state.pass = password.value; draw(); });
  function draw() { setTimeout(() => { button.disabled = !(state.user && state.pass); }, 100); }
  button.addEventListener('click', async () => {
    button.disabled = true;
    hint.textContent = '';
    const answer = await fetch(${JSON.stringify(action)}, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user: \
state.user, password: state.pass }) });
    if (answer.ok) location.assign((await answer.json()).next);
    else { hint.textContent = (await answer.json()).text; button.disabled = false; }
  });
}, 150);
</script>`,
  );

export const signInPages = {
  /** A plain form with a button and nothing else. */
  plain: ({ action, error }) =>
    html('Log in', `<h1>Log in</h1>${note(error)}${form(action, '<input name="username"> <input name="password" type="password"> <button>Log in</button>')}`),
  /** Nothing is called what one would think; other controls stand around. */
  crowded: ({ action, error }) =>
    html(
      'Portal',
      `<form role="search" action="/search"><input name="q" placeholder="Search"><button>Search</button></form>${note(error)}
<form method="post" action="${escapeHtml(action)}">
<select name="lang" onchange="this.form.submit()"><option>English</option><option>Deutsch</option></select>
<input name="website" style="position:absolute;left:-9999px" tabindex="-1">
<input name="f_0817"><input name="f_0818_pw" type="password"><button type="button" onclick="this.form.f_0818_pw.type='text'">Show</button>
<label><input type="checkbox" name="remember" value="1"> Keep me</label>
<button type="reset">Cancel</button><input type="image" alt="Enter" width="60" height="20">
</form>`,
    ),
  /** Its one control besides the fields is a link with a picture, its words those of a language nobody listed. */
  wordless: ({ action, error }) =>
    html(
      'تسجيل الدخول',
      `${note(error)}<form method="post" name="f" action="${escapeHtml(action)}"><label>اسم المستخدم <input name="user_1"></label>
<label>كلمة المرور <input name="pass_1" type="password"></label>
<a href="javascript:void 0" onclick="document.f.submit()"><img alt="دخول" width="60" height="20"></a></form>`,
    ),
  /** The portal shows its sign-in inside a frame. */
  framed: ({ action }) => html('Portal', `<h1>Welcome</h1><iframe src="${escapeHtml(action)}" width="400" height="300"></iframe>`),
  /** The button lives only after something was typed and checked; a listener for keys does it. */
  lateButton: ({ action, error }) =>
    html(
      'Welcome',
      `${note(error)}${form(
        action,
        '<input name="mail" type="email" onchange="mark()"><input name="pass" type="password"><input type="submit" value="Continue" disabled>',
      )}
<script>let left = false; function mark() { left = true; }
document.querySelector('[type=password]').addEventListener('keyup', () => setTimeout(() => { if (left) document.querySelector('[type=submit]').disabled \
= false; }, 300));</script>`,
    ),
  /** A consent banner lies over everything. */
  overlaid: ({ action, error }) =>
    html(
      'Log in',
      `${note(error)}${form(action, '<input name="username"><input name="password" type="password"><button type="submit">Log in</button>')}
<div style="position:fixed;inset:0;background:#0008;z-index:9"><p style="background:#fff">We value your privacy. \
<button onclick="this.closest('div').remove()">Accept all</button></p></div>`,
    ),
  /** The consent is a modal dialog: the form behind it is inert. */
  modal: ({ action, error }) =>
    html(
      'Log in',
      `${note(error)}${form(action, '<input name="username"><input name="password" type="password"><button type="submit">Log in</button>')}
<dialog><p>We value your privacy.</p><input name="why"><form method="dialog"><button>Accept all</button></form></dialog>\
<script>document.querySelector('dialog').showModal()</script>`,
    ),
  /** The user first, then, on another page, the password. */
  twoPages: ({ action, error, step }) =>
    step === 'user'
      ? html('Who are you?', `${note(error)}${form(action, '<input name="ident" autofocus><button>Next</button>')}`)
      : html('Your password', form(action, '<p>probe</p><input name="password" type="password"><button type="button">Back</button><button>Sign in</button>')),
  /** A page without a form element; the button is a link with a script, in a shadow tree. */
  component: ({ action }) =>
    html(
      'Sign in',
      `<sign-in></sign-in><script>
customElements.define('sign-in', class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = '<input name="user"><input type="password"><a href="#" role="button">Sign in</a><p></p>';
    root.querySelector('a').addEventListener('click', async (event) => {
      event.preventDefault();
      const [user, password] = [...root.querySelectorAll('input')].map((input) => input.value);
      const answer = await fetch(${JSON.stringify(action)}, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: \
JSON.stringify({ user, password }) });
      if (answer.ok) location.href = (await answer.json()).next;
      else root.querySelector('p').textContent = 'Try again';
    });
  }
});</script>`,
    ),
  /** Every key typed draws the fields anew, as some script libraries are used. */
  redrawn: ({ action, error }) =>
    html(
      'Log in',
      `${note(error)}<div id="root"></div>${form(action, '<input type="hidden" name="username"><input type="hidden" name="password">', 'id="sent"')}<script>
const state = { username: '', password: '' };
function draw() {
  const focused = document.activeElement?.dataset?.name;
  root.innerHTML = '<input data-name="username"><input data-name="password" type="password"><button type="button">Log in</button>';
  for (const input of root.querySelectorAll('input')) {
    input.value = state[input.dataset.name];
    input.addEventListener('input', () => { state[input.dataset.name] = input.value; setTimeout(draw, 0); });
    if (input.dataset.name === focused) input.focus();
  }
  root.querySelector('button').addEventListener('click', () => { Object.entries(state).forEach(([name, value]) => { sent[name].value = value; }); \
sent.submit(); });
}
draw();</script>`,
    ),
  /** Each field is a web component of its own within another. */
  nested: ({ action, error }) =>
    html(
      'Sign in',
      `${note(error)}<sign-in></sign-in>${form(action, '<input type="hidden" name="username"><input type="hidden" name="password">', 'id="sent"')}<script>
customElements.define('text-field', class extends HTMLElement {
  connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<input type="' + this.getAttribute('kind') + '">'; }
});
customElements.define('sign-in', class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = '<button>Menu</button><text-field kind="text"></text-field><text-field kind="password"></text-field><button>Sign in</button>';
    root.lastElementChild.addEventListener('click', () => {
      [sent.username.value, sent.password.value] = [...root.querySelectorAll('text-field')].map((field) => field.shadowRoot.firstElementChild.value);
      sent.submit();
    });
  }
});</script>`,
    ),
  /** New users register on the same page, with one password field as well. */
  besideRegistration: ({ action, error }) =>
    html(
      'Welcome',
      `${note(error)}<h2>New here?</h2>${form(
        '/register',
        '<input name="name"><input name="mail" type="email"><input name="password" type="password"><button>Sign me up</button>',
      )}
<h2>Known here?</h2>${form(action, '<input name="username"><input name="password" type="password"><button>Log in</button>')}`,
    ),
  byScript,
} satisfies Record<string, SignInPage>;
