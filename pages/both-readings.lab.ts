import { existsSync } from 'node:fs';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { readHtml } from '../recordings/html-reading';
import { adfsGenerations, type AdfsGeneration } from '../lab/adfs/generation';
import { createPages, type PageStyle } from '../lab/adfs/pages';
import { themePaths } from '../lab/adfs/pages/layout';
import { customisedOnload } from '../lab/adfs/pages/onload-script';
import { styleSheet } from '../lab/adfs/pages/theme';
import { workingPage } from '../lab/adfs/pages/working-page';
import { errorPage } from '../lab/crm/pages/error-page';
import { shell2011 } from '../lab/crm/pages/shell-2011';
import { classicShell } from '../lab/crm/pages/shell-classic';
import { unifiedShell } from '../lab/crm/pages/shell-unified';
import { runtimeError } from '../lab/crm/refusal-faces';
import { readPage } from '../probes/page-actions/page-reading';
import type { PageContext, Recognition } from './page-context';
import type { PageFacts } from './page-facts';
import { recognise } from './recognise';

/** One page as a server sends it, and when in a sign-in. */
interface Sent {
  readonly name: string;
  readonly html: string;
  readonly url: string;
  readonly context: Omit<PageContext, 'facts'>;
  /** Its own script changes it: as sent it is the same kind of page, and as it stands then it is the same altogether. */
  readonly rebuilt?: boolean;
}

const before: Sent['context'] = {
  status: 200,
  challenges: [],
  host: 'sts',
  credentialsGiven: false,
  tokenPosted: false,
  passwordField: null,
  selectorConfigured: false,
  settled: true,
};
const after: Sent['context'] = { ...before, credentialsGiven: true, passwordField: 'Password' };
const atCrm: Sent['context'] = { ...after, host: 'crm', tokenPosted: true };
const sts = 'https://sts.contoso.test/adfs/ls/?wa=wsignin1.0&wtrealm=https%3A%2F%2Fcrm.contoso.test%2F';
const isWebForms = (generation: AdfsGeneration): boolean => generation === '2.0' || generation === '2.1';

function adfsPages(generation: AdfsGeneration, style: PageStyle): Sent[] {
  const pages = createPages(generation, style);
  const named = (name: string): string =>
    [`AD FS ${generation}`, style.language, style.paginated && 'paginated', style.customised && 'customised', name].filter(Boolean).join(' ');
  const rebuilt = style.paginated === true || style.customised === true;
  const displayName = 'Contoso';
  const action = '/adfs/ls/?wa=wsignin1.0';
  const form = { displayName, action, keepSignedIn: true, optionLinks: ['CertificateAuthentication'] as const };
  const failure = {
    displayName,
    activityId: '7b4a3d2e-0f4b-4c8a-9b0e-3a5d2f1e6b70',
    relyingParty: 'CRM IFD',
    time: new Date(Date.UTC(2026, 10, 1)),
    userAgent: 'Mozilla/5.0',
  };
  const providers = [
    { id: 'AD AUTHORITY', name: 'Active Directory' },
    { id: 'http://partner.test/adfs/services/trust', name: 'Partner' },
  ];
  const sent: Sent[] = [
    { name: named('form'), html: pages.forms({ ...form, userName: '', errorText: null }), url: sts, context: before, rebuilt },
    {
      name: named('form again'),
      html: pages.forms({ ...form, userName: 'CONTOSO\\a', errorText: pages.wrongPasswordText }),
      url: sts,
      context: after,
      rebuilt,
    },
    { name: named('error'), html: pages.error({ ...failure, detail: null }), url: sts, context: before, rebuilt: true },
    { name: named('error with its text'), html: pages.error({ ...failure, detail: 'MSIS7042: …' }), url: sts, context: after, rebuilt: true },
    {
      name: named('home realm'),
      html: pages.homeRealm({ displayName, action, providers }),
      url: isWebForms(generation) ? 'https://sts.contoso.test/adfs/ls/HomeRealmDiscovery.aspx?wa=wsignin1.0' : sts,
      context: before,
    },
  ];
  const mfa = pages.mfa;
  if (mfa)
    for (const errorText of [null, pages.texts.mfaFailed])
      sent.push({
        name: named(errorText ? 'code again' : 'code'),
        html: mfa({ displayName, action, user: 'CONTOSO\\a', context: 'abc', errorText }),
        url: sts,
        context: after,
      });
  if (pages.updatePassword)
    sent.push({ name: named('new password'), html: pages.updatePassword({ displayName, action, userName: 'CONTOSO\\a' }), url: sts, context: after });
  return sent;
}

function everyPage(): Sent[] {
  const styles = (generation: AdfsGeneration): PageStyle[] =>
    isWebForms(generation)
      ? [{}, { language: 'de' }]
      : [{}, { language: 'de' }, { paginated: true }, { customised: true }, { paginated: true, language: 'de' }];
  const user = { systemUserId: '1', domainName: 'CONTOSO\\a', upn: 'a@contoso.test', fullName: 'Anna Kim', email: 'a@contoso.test' };
  const content = { user, organization: { id: '1', uniqueName: 'Contoso', friendlyName: 'Contoso', businessUnitId: '2' }, root: '' };
  const crm = 'https://crm.contoso.test';
  return [
    ...adfsGenerations.flatMap((generation) => styles(generation).flatMap((style) => adfsPages(generation, style))),
    { name: 'working', html: workingPage('https://crm.contoso.test/', '&lt;token/>', 'rm=0'), url: sts, context: after },
    { name: 'CRM 2011', html: shell2011(content), url: `${crm}/main.aspx`, context: atCrm },
    { name: 'CRM 2016', html: classicShell({ ...content, product: 'Microsoft Dynamics CRM 2016' }), url: `${crm}/main.aspx`, context: atCrm },
    { name: 'CRM v9', html: unifiedShell(content), url: `${crm}/main.aspx`, context: atCrm, rebuilt: true },
    { name: "CRM's error", html: errorPage(), url: `${crm}/_common/error/errorhandler.aspx?ErrorCode=0x1`, context: atCrm },
    { name: "ASP.NET's error", html: runtimeError.body?.toString() ?? '', url: `${crm}/`, context: { ...atCrm, status: 500 } },
    ...shapes.map(([name, body, context]) => ({ name, html: `<!DOCTYPE html><title>Page</title><body>${body}`, url: sts, context })),
  ];
}

const guid = '7b4a3d2e-0f4b-4c8a-9b0e-3a5d2f1e6b70';
/** What no product of the lab shows, each with one thing that markup hides, folds away or says in an attribute. */
const shapes: readonly (readonly [string, string, Sent['context']])[] = [
  [
    'error with its details in a closed list',
    `<div id="errorArea"><p id="errorMessage">Nein</p></div><ul id="errorDetails" style="display:none"><li>Activity ID: ` +
      `${guid}</li><li>Relying party: CRM</li></ul>`,
    before,
  ],
  [
    'error with its details in closed <details>',
    `<div id="errorArea"><details><summary>Details</summary><div id="errorDetails"><p>Activity ID: ${guid}</p>` +
      `<p>Node name: STS2</p></div></details></div>`,
    before,
  ],
  [
    'form whose password step is hidden',
    '<form action="/next"><input name="user" autocomplete="username"><div style="display:none">' +
      '<input type="password" name="p"></div><button>Next</button></form>',
    before,
  ],
  ['form with a complaint in an alert', '<form><input name="u"><input type="password" name="p"><div role="alert">Falsch</div></form>', after],
  ['form with a complaint nobody sees', '<form><input name="u"><input type="password" name="p"><div role="alert" hidden>Falsch</div></form>', after],
  ['a search, and nothing else', '<form role="search"><input name="q" aria-label="user"></form>', before],
  [
    'a new password among others',
    '<form><input type="password" name="old"><input type="password" autocomplete="new-password" name="n"><input type="password" name="n2"></form>',
    after,
  ],
  ['a code by its label only', '<form><label for="x">Verification code</label><input id="x" name="f1"></form>', after],
  ['a code in a label around it', '<form><label>One-time code <input name="f1"></label></form>', after],
  [
    'a registration beside the sign-in',
    '<form action="/register"><input name="a"><input name="b"><input type="password" name="r"></form><form action="/in"><input name="u">' +
      '<input type="password" name="p" autocomplete="current-password"></form>',
    before,
  ],
  ['fields of a form that stand outside of it', '<form id="f" action="/in"></form><input form="f" name="u"><input form="f" type="password" name="p">', before],
  ['text in elements nobody sees', '<p>Seen</p><p hidden>not</p><template>not</template><noscript>not</noscript><p style="visibility:hidden">not</p>', before],
  ['a token in a form', '<form method="post" action="https://crm.contoso.test/"><input type="hidden" name="wresult" value="&lt;t/>"></form>', after],
  ['markup that is not well formed', '<form><table><tr><td><input name=user><td><b><input type=PASSWORD name=p></form></table><p>x', before],
  ['a base address elsewhere', '<base href="https://other.test/x/"><form action="in"><input name="user"><input type="password" name="p"></form>', before],
];

const whole = (facts: PageFacts, context: Sent['context']): Recognition | null => recognise({ ...context, facts });
/** What both readers must agree on besides the recognition. */
const parts = ({ title, text, texts, hooks, fields, visiblePasswordFields, signInPassword, formAction, carriesToken, buttons, refreshSeconds }: PageFacts) => {
  const words = text.replace(/ /g, ''); // where style sheets put them is not in the HTML
  return { title, words, texts, hooks, fields, visiblePasswordFields, signInPassword, formAction, carriesToken, buttons, refreshSeconds };
};

async function show(page: Page, { html, url, context }: Sent): Promise<PageFacts> {
  await page.unroute('**/*');
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (route.request().isNavigationRequest() && route.request().frame() === page.mainFrame() && route.request().method() === 'GET')
      return route.fulfill({ status: context.status ?? 200, contentType: 'text/html; charset=utf-8', body: html });
    if (pathname === themePaths.style) return route.fulfill({ contentType: 'text/css', body: styleSheet });
    if (pathname === themePaths.onload) return route.fulfill({ contentType: 'text/javascript', body: html.includes('customised') ? customisedOnload : '' });
    return route.request().method() === 'POST' ? route.fulfill({ status: 204 }) : route.abort(); // 204: the page stays
  });
  await page.goto(url, { waitUntil: 'commit' });
  await expect.poll(() => page.evaluate(() => document.readyState)).toBe('complete');
  const facts = await readPage(page, null);
  if (!facts) throw new Error('The page did not answer.');
  return facts;
}

test.describe('a page is the same whether a browser shows it or a recording has its HTML', () => {
  const pages = everyPage();
  let browser: Browser;
  test.beforeAll(async () => {
    const shell = '/usr/bin/chromium-headless-shell';
    browser = await chromium.launch({ ...(existsSync(shell) ? { executablePath: shell } : {}), chromiumSandbox: process.getuid?.() !== 0 });
  });
  test.afterAll(() => browser.close());

  for (const group of ['AD FS 2.0', 'AD FS 2.1', 'AD FS 3.0', 'AD FS 2016', 'AD FS 2019', 'AD FS 2022', ''])
    test(group || "CRM's pages, and shapes of other products", async () => {
      const page = await browser.newPage();
      const mine = pages.filter(({ name }) => (group ? name.startsWith(group) : !name.startsWith('AD FS')));
      expect(mine.length).toBeGreaterThan(9);
      for (const sent of mine) {
        const live = await show(page, sent);
        const recorded = readHtml(sent.html, live.url);
        const asShown = readHtml(await page.content(), live.url);
        const seen = whole(live, sent.context);
        expect(whole(recorded, sent.context)?.kind, `${sent.name}: kind`).toBe(seen?.kind);
        expect.soft(whole(sent.rebuilt ? asShown : recorded, sent.context), `${sent.name}: recognition`).toEqual(seen);
        expect.soft(parts(sent.rebuilt ? asShown : recorded), `${sent.name}: facts`).toEqual(parts(live));
      }
      await page.close();
    });
});
