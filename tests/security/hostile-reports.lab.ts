/** A server that writes script injections into everything a run keeps, and what becomes of them in every report. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, expect, test } from '@playwright/test';
import type { Report } from '../../contracts/report';
import { openXml } from '../../federation/gate';
import { launchBrowser } from '../../probes/browser/browser';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { loadTargets } from '../../config/targets';
import { equipment } from '../../probes/testing/foreign/foreign-world';
import { escapeHtml, startVirtualHosts, type Reply } from '../../probes/testing/foreign/virtual-hosts';
import { renderNagios } from '../../reports/nagios';
import { renderPrometheus } from '../../reports/prometheus';
import { renderTerminal } from '../../reports/terminal';
import { runTargets } from '../../runs/run-targets';
import { scriptInjections } from './testing/script-injections';

test.setTimeout(240_000);
const full = process.env.SECURITY_FULL === '1';
/** Each as the title and first of all once; four of them stand for the others in the short run. */
const firsts = full ? scriptInjections : [3, 23, 26, 29].map((index) => scriptInjections[index] ?? '');
const variable = 'SIGNIN_PROBE_HOSTILE_PASSWORD';

/** A header may hold what Latin-1 prints. */
const headerText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);

/** Everything a server can say, said with the injections: title, texts, fields, frames, cookies, headers, console, a dialog. */
function page(first: string, all: readonly string[]): Reply {
  const shown = all.map((text) => `<p>${escapeHtml(text)}</p>`).join('');
  const quoted = JSON.stringify([first, ...all]).replace(/</g, '\\u003C');
  return {
    status: 500,
    headers: {
      Server: headerText(first),
      'X-Powered-By': headerText(first),
      'X-MS-RequestId': headerText(first),
      REQ_ID: headerText(first),
      'WWW-Authenticate': `Negotiate, ${headerText(first).replace(/[",=]/g, '')} realm="x"`,
      'Set-Cookie': all.slice(0, 20).map((text, index) => `${headerText(text).replace(/[^\w<>()\-/:'&]/g, '')}${index}=v; Path=/`),
    },
    body: `<!doctype html><title>${escapeHtml(first)}</title><body><div id="errorText">${escapeHtml(first)}</div><div id="errorMessage">${escapeHtml(first)}\
</div>${shown}
      <form><input name="${escapeHtml(first)}" value="x"></form><iframe name="${escapeHtml(first)}" src="/frame?${encodeURIComponent(first)}"></iframe>
      <script>for (const text of ${quoted}) { console.error(text); \
console.log(text) } setTimeout(() => alert(${JSON.stringify(first).replace(/</g, '\\u003C')}), 50)</script>`,
  };
}

let folder: string;
let browser: Browser;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-test-'));
  const launched = await launchBrowser((await equipment()).browser, { spkis: [], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  browser = launched.browser;
});
test.afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function runAt(first: string, out: string): Promise<{ report: Report; runFolder: string; logFile: string }> {
  const { pki } = await equipment();
  const hosts = await startVirtualHosts(pki);
  const redactor = createRedactor();
  const logFile = join(out, 'log.txt');
  const log = createLog({ level: 'debug', quiet: true, redactor, file: logFile });
  try {
    hosts.put('app.example.test', ({ url }) => {
      if (url.pathname !== '/start') return page(first, scriptInjections);
      return {
        status: 302,
        headers: {
          Location:
            `/x/${encodeURIComponent(first)}?ErrorCode=${encodeURIComponent(first)}&Parm0=${encodeURIComponent(first)}&wctx=` +
            `${encodeURIComponent(first)}#${encodeURIComponent(first)}`,
        },
      };
    });
    hosts.put('idp.example.test', () => page(first, scriptInjections));
    const config = join(hosts.folder, 'signin-probe.yaml');
    const resolve = Object.fromEntries(['app', 'idp', 'evil'].map((name) => [`${name}.example.test`, '127.0.0.1']));
    await writeFile(
      config,
      JSON.stringify({
        targets: [
          {
            name: 'hostile',
            ifd: { url: `${hosts.origin('app.example.test')}/start` },
            sts: hosts.origin('idp.example.test'),
            account: { user: 'probe@example.test', password: `env:${variable}` },
            tls: { ca: hosts.caFile },
            resolve,
            deadlineSeconds: 20,
          },
        ],
      }),
    );
    const loaded = loadTargets(config);
    if (!loaded.ok) throw new Error(loaded.problems.map(({ text }) => text).join('\n'));
    process.env[variable] = 'a password that goes nowhere';
    const { browser: choice } = await equipment();
    const { report, folder: runFolder } = await runTargets({
      targets: loaded.targets,
      browser: choice,
      log,
      redactor,
      outFolder: out,
      label: first,
      interactive: false,
      stateFolder: join(hosts.folder, 'state'),
    });
    return { report, runFolder, logFile };
  } finally {
    delete process.env[variable];
    log.close();
    await hosts.close();
  }
}

/** Characters that do something to a terminal, or to the order of a text. */
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

for (const [index, first] of firsts.entries())
  test(`injections of a hostile server are text and nothing else in every report (${index + 1} of ${firsts.length})`, async () => {
    const leaks: string[] = [];
    const wrong = (what: string, found: boolean): void => void (found && leaks.push(what));
    const out = await mkdtemp(join(folder, 'out-'));
    const { report, runFolder, logFile } = await runAt(first, out);
    const read = (name: string): Promise<string> => readFile(join(runFolder, name), 'utf8');

    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('dialog', (dialog) => {
      wrong(`report.html: dialog ${dialog.message()}`, true);
      void dialog.dismiss();
    });
    page.on('request', (request) => wrong(`report.html: request ${request.url()}`, !/^(file|data):/.test(request.url())));
    page.on('popup', () => wrong('report.html: a window', true));
    await page.goto(pathToFileURL(join(runFolder, 'report.html')).href, { waitUntil: 'load' });
    await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
    const markup = await page.evaluate(() => ({
      active: document.querySelectorAll('script, iframe, object, embed, form, base, link, input, meta[http-equiv=refresh]').length,
      handlers: [...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))),
      links: [...document.querySelectorAll('[href], [src]')].map((one) => one.getAttribute('href') ?? one.getAttribute('src') ?? ''),
      csp: document.querySelector('meta[http-equiv=Content-Security-Policy]')?.getAttribute('content') ?? '',
    }));
    wrong(`report.html: ${markup.active} active elements`, markup.active > 0);
    wrong(`report.html: handlers ${markup.handlers.join()}`, markup.handlers.length > 0);
    for (const link of markup.links) wrong(`report.html: link ${link}`, !/^(#|data:image\/png;base64,|https:\/\/(support|learn)\.microsoft\.com\/)/.test(link));
    expect(markup.csp).toContain("default-src 'none'");
    // The words themselves are there for the reader, with a box for each character that would hide or turn them.
    const words = first.replace(/\s.*/su, '').replace(/[\p{Cc}\p{Cf}]/gu, '\u25A1');
    expect(await page.evaluate(() => document.body.innerText)).toContain(words.slice(0, 20));
    await context.close();

    wrong('junit.xml is no XML', !openXml(await read('junit.xml')).ok);
    const markdown = await read('report.md');
    const prose = markdown.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1$/gm, '').replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    wrong('report.md: markup', /(?<!\\)<(script|img|iframe|svg|a|meta|base|link|style|form|details|http)/i.test(prose));
    wrong('report.md: a link of the server', /(?<!\\)\]\(\s*(?!https:\/\/(support|learn)\.microsoft\.com\/|screens\/|#)/.test(prose));
    wrong('report.md: control characters', controls.test(markdown));
    for (const name of ['report.json', 'evidence.json', 'exchange.har']) expect(JSON.parse(await read(name)), name).toBeTruthy();

    const terminal = renderTerminal(report, { color: false });
    wrong('terminal: control characters', controls.test(terminal));
    const nagios = renderNagios(report);
    wrong('nagios: more than one line', nagios.trimEnd().includes('\n'));
    wrong('nagios: more than one bar', nagios.split('|').length > 2);
    wrong('nagios: control characters', controls.test(nagios));
    const prometheus = renderPrometheus(report);
    for (const line of prometheus.trimEnd().split('\n'))
      wrong(
        `prometheus: ${line.slice(0, 80)}`,
        !/^(# (HELP|TYPE) signin_probe_\w+ .*|signin_probe_\w+(\{(\w+="([^"\\]|\\["\\n])*",?)*\})? -?[\d.e+]+)$/.test(line),
      );
    wrong('log: control characters', controls.test((await readFile(logFile, 'utf8')).replace(/\n/g, '')));

    test
      .info()
      .annotations.push(
        { type: 'threat', description: 'a server writes into a report' },
        { type: 'attempts', description: String(scriptInjections.length * 10) },
        { type: 'leaks', description: String(leaks.length) },
      );
    expect(leaks).toEqual([]);
  });
