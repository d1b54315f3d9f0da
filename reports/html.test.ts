import { expect, test } from '@playwright/test';
import type { Report } from '../contracts/report';
import { renderHtml } from './html';
import { hostileReport } from './testing/hostile';
import { elementsOf, parseXml } from './testing/parse-xml';
import { atRiskSample, brokenSample, healthySample, sampleReports, unexplainedSample, unknownSample } from './testing/sample-reports';

const screensOf = (report: Report): Record<string, string> =>
  Object.fromEntries(report.results.flatMap(({ screenshots }) => screenshots.map(({ file }) => [file, 'data:image/png;base64,iVBORw0KGgo='])));

const render = (report: Report): string => renderHtml(report, screensOf(report));
const textOf = (markup: string): string => (parseXml(markup).documentElement?.getElementsByTagName('body')[0]?.textContent ?? '').replace(/\s+/g, ' ');

const allowedElements = new Set(
  (
    'html head meta title style body main header footer section nav div span p h1 h2 h3 h4 ul ol li dl dt dd b i br a code pre table thead tbody tr ' +
    'th td figure figcaption img details summary svg g path rect circle text'
  ).split(' '),
);

const variants: readonly (readonly [string, () => Report])[] = Object.entries(sampleReports).flatMap(([name, sample]) => [
  [name, sample] as const,
  [`${name}, every text an attack`, () => hostileReport(sample())] as const,
]);

for (const [name, sample] of variants) {
  test(`report.html (${name}) is well-formed and has no script, handler, form or outside address`, () => {
    const elements = elementsOf(parseXml(render(sample())));
    expect([...new Set(elements.map(({ nodeName }) => nodeName))].filter((tag) => !allowedElements.has(tag))).toEqual([]);
    for (const element of elements)
      for (const { name: attribute, value } of [...element.attributes]) {
        expect(attribute).not.toMatch(/^on/i);
        if (attribute === 'href') expect(value).toMatch(/^(#[a-z0-9-]+|https:\/\/support\.microsoft\.com\/help\/\d+)$/);
        if (attribute === 'src') expect(value).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
        if (attribute === 'style') expect(value).toMatch(/^(width:[\d.]+%|fill:var\(--[a-z]+\))$/);
        if (attribute === 'id') expect(value).toMatch(/^[a-z0-9-]+$/);
        if (attribute === 'class') expect(value).toMatch(/^[a-z0-9 -]*$/);
      }
  });

  test(`report.html (${name}) has each id once, and every link leads somewhere`, () => {
    const elements = elementsOf(parseXml(render(sample())));
    const ids = elements.flatMap((element) => element.getAttribute('id') ?? []);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const links = elements.flatMap((element) => element.getAttribute('href') ?? []).filter((href) => href.startsWith('#'));
    expect(links.filter((href) => !ids.includes(href.slice(1)))).toEqual([]);
  });
}

test('the page forbids scripts and every outside address', () => {
  expect(render(brokenSample())).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"/>`,
  );
});

test('an attack is shown as text, not swallowed', () => {
  expect(textOf(render(hostileReport(brokenSample())))).toContain('"><script>alert(1)</script><img src=x onerror=alert(1)>');
});

test('a cause both routes share is said once, with its certainty, KB number and the references of both', () => {
  const markup = render(brokenSample());
  expect(markup.match(/AD FS signs with a new certificate; CRM still trusts the old one<\/h2>/g)).toHaveLength(1);
  const text = textOf(markup);
  expect(text).toContain('Sign-in to contoso is broken over both routes');
  expect(text).toMatch(/Cause · both routes/);
  expect(text).toContain('Confirmed');
  expect(markup).toContain('href="https://support.microsoft.com/help/2686840"');
  expect(markup).toContain('<a href="#contoso-internal-exchange-6">exchange 6</a>');
  expect(markup).toContain('<a href="#contoso-ifd-exchange-5">exchange 5</a>');
  expect(markup).toContain('<a href="#contoso-certificate-2bd7901e6c45a8f3397e10dc4b52a96f08c1e4d3">');
  expect(markup).toContain('id="adfs-signing-cert-rolled"');
});

test('what a person needs stands in reading order', () => {
  const text = textOf(render(brokenSample()));
  const order = [
    'People cannot sign in.',
    'Cause · both routes',
    'KB 2686840',
    'Why we say so',
    'What would disprove it',
    'What to do now',
    'How to check afterwards',
    'What happened',
    'Certificates',
    'The decoded exchange',
    'Screenshots',
    'Clocks',
    'Ruled out',
  ];
  const places = order.map((words) => text.indexOf(words));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('routes with different causes keep their own, each with its anchor', () => {
  const report = brokenSample();
  const [internal, ifd] = report.results;
  const other = { ...ifd!, causes: [{ ...ifd!.causes[0]!, id: 'wrong-password', title: 'The password is wrong', kb: null }] };
  const markup = render({ ...report, results: [internal!, other] });
  expect(markup).toContain('id="wrong-password"');
  expect(textOf(markup)).toMatch(/Cause · internal claims.*Cause · IFD/);
});

test('different certainties are told per route', () => {
  const report = brokenSample();
  const [internal, ifd] = report.results;
  const results = [internal!, { ...ifd!, causes: [{ ...ifd!.causes[0]!, certainty: 'probable' as const }] }];
  expect(textOf(render({ ...report, results }))).toContain('internal claims: confirmed, IFD: probable');
});

test('an unexplained failure says so, and shows the last exchange, page and screenshot', () => {
  const text = textOf(render(unexplainedSample()));
  expect(text).toContain('None of the known causes fits what was seen');
  expect(text).toContain('“Please confirm” (unknown page)');
  expect(text).toContain('agree (checkbox), go (submit)');
  expect(text).toContain('exchange 8');
  expect(render(unexplainedSample())).toContain('alt="Screenshot: The unknown page"');
});

test('a risk names the date and the days left', () => {
  const text = textOf(render(atRiskSample()));
  expect(text).toContain('works now, but will break in 3 days (21 Nov 2025)');
  expect(text).toContain('sign-in breaks about 21 Nov 2025 22:20 UTC, in 3 days (or up to 12 h later)');
});

test('a healthy report says who signed in, how long it took by stage, and when it will break', () => {
  const text = textOf(render(healthySample()));
  for (const words of ['Signed in as probe@contoso.com in 1.83 s', 'AD FS 520 ms', 'Next foreseeable break: 16 Nov 2026, in 363 days.'])
    expect(text).toContain(words);
  expect(text).not.toContain('What to do now');
});

test('a probe that could not tell claims nothing about what people see', () => {
  const text = textOf(render(unknownSample()));
  expect(text).toContain('Could not tell whether people can sign in.');
  expect(text).toContain('the browser ended before the page answered');
  expect(text).not.toContain('People cannot sign in');
  expect(text).not.toContain('People end at a page');
});

test('the drawings have text alternatives that tell the whole story', () => {
  const labels = elementsOf(parseXml(render(brokenSample())))
    .filter(({ nodeName }) => nodeName === 'svg')
    .map((svg) => [svg.getAttribute('role'), svg.getAttribute('aria-label') ?? ''] as const);
  expect(labels.length).toBeGreaterThan(0);
  for (const [role, label] of labels) {
    expect(role).toBe('img');
    expect(label.length).toBeGreaterThan(60);
  }
  expect(
    labels.some(([, label]) =>
      label.includes('6. Browser to CRM: POST token to internalcrm.contoso.com/; answer 302 → /_common/error/errorhandler.aspx, 142 ms.'),
    ),
  ).toBe(true);
  expect(labels.some(([, label]) => label.includes('AD FS token signing, primary now, 2BD7901E…: 11 Nov 2025 to 11 Nov 2026.'))).toBe(true);
});

test('a screenshot that is no PNG data address, or is missing, is named and not shown', () => {
  const report = healthySample();
  const markup = renderHtml(report, { 'screens/internal-1-shell.png': 'https://evil.example/x.png' });
  expect(markup).not.toContain('evil.example');
  expect(textOf(markup)).toContain('Not included: screens/internal-1-shell.png');
});

test('a KB number that is no number is not made a link', () => {
  const report = brokenSample();
  for (const result of report.results) for (const cause of result.causes) cause.kb = '2686840/../evil';
  expect(render(report)).not.toContain('support.microsoft.com');
});

test('several targets with the same cause get an anchor each', () => {
  const report = brokenSample();
  const second = brokenSample().results.map((result) => ({ ...result, target: 'fabrikam' }));
  const ids = elementsOf(parseXml(render({ ...report, results: [...report.results, ...second] }))).flatMap((element) => element.getAttribute('id') ?? []);
  expect(ids).toContain('adfs-signing-cert-rolled');
  expect(ids).toContain('fabrikam-adfs-signing-cert-rolled');
  expect(new Set(ids).size).toBe(ids.length);
});

test('a loop of 300 exchanges is drawn in part and listed in full', () => {
  const report = brokenSample();
  const [first] = report.results;
  const exchange = Array.from({ length: 300 }, (_, index) => ({ ...first!.exchange[0]!, seq: index + 1 }));
  const markup = render({ ...report, results: [{ ...first!, exchange, causes: [] }] });
  expect(markup).toContain('300 exchanges; drawn are the first and the last 18.');
  expect(markup.match(/class="hop[ "]/g)).toHaveLength(300);
});
