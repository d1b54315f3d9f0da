import { expect, test } from '@playwright/test';
import { comparisonSchema } from '../contracts/comparison';
import { renderComparisonHtml } from './comparison-html';
import { renderComparisonMarkdown } from './comparison-markdown';
import { renderComparisonText } from './comparison-text';
import { hostile } from './testing/hostile';
import { elementsOf, parseXml } from './testing/parse-xml';
import { intendedComparison, regressionComparison, sameComparison, sampleComparisons } from './testing/sample-comparisons';
import { changedPart } from './words/comparison';

for (const [name, sample] of Object.entries(sampleComparisons))
  for (const [kind, make] of [
    ['as it is', sample],
    ['every text an attack', () => hostile(comparisonSchema, sample())],
  ] as const) {
    test(`comparison.html (${name}, ${kind}) is well-formed and has no script, handler, form or outside address`, () => {
      for (const element of elementsOf(parseXml(renderComparisonHtml(make())))) {
        expect(['script', 'iframe', 'form', 'object', 'embed', 'link', 'img', 'svg']).not.toContain(element.nodeName);
        for (const { name: attribute, value } of [...element.attributes]) {
          expect(attribute).not.toMatch(/^on/i);
          if (attribute === 'href') expect(value).toMatch(/^https:\/\/support\.microsoft\.com\/help\/\d+$/);
          if (attribute === 'style') expect(value).toMatch(/^(left:[\d.]+%(;width:[\d.]+%)?)$/);
          if (attribute === 'class') expect(value).toMatch(/^[a-z0-9 -]*$/);
          expect(attribute).not.toBe('src');
        }
      }
    });

    test(`Markdown and terminal text (${name}, ${kind}) keep their shape`, () => {
      const comparison = make();
      const markdown = renderComparisonMarkdown(comparison);
      expect(markdown.split('\n').filter((line) => /^# /.test(line))).toHaveLength(1);
      // Within code spans everything is text.
      expect(markdown.replace(/(`+) .*? \1/g, '')).not.toMatch(/<script|(?<!\\)\[x\]\(javascript/);
      expect(renderComparisonText(comparison, { color: false })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    });
  }

test('a regression says ROLL BACK, names the route and its cause, and what to do; consequences stay folded', () => {
  const comparison = regressionComparison();
  expect(comparison).toMatchObject({ verdict: 'regression', decision: 'roll-back' });
  const html = renderComparisonHtml(comparison);
  for (const text of [
    'ROLL BACK',
    'no longer works over IFD',
    'adfs-signing-cert-rolled',
    'What to do, unless you roll back',
    'Clock of CRM against AD FS’s',
    'Changed as announced',
  ])
    expect(html).toContain(text);
  expect(renderComparisonText(comparison, { color: false })).toMatch(/✕ Regression: Sign-in to contoso no longer works over IFD/);
  expect(renderComparisonMarkdown(comparison)).toContain('Change rollover-march: **ROLL BACK**');
});

test('an intended change passes, with what was announced and what of it was not seen', () => {
  const comparison = intendedComparison();
  expect(comparison).toMatchObject({ verdict: 'intended-change', decision: 'go', notHappened: [{ kind: 'tls-certificate' }] });
  expect(renderComparisonText(comparison, { color: false })).toContain('Announced, but not seen');
  expect(renderComparisonHtml(comparison)).toContain('<span class="word">GO</span>');
});

test('nothing changed is one sentence, with everything that was looked at', () => {
  const text = renderComparisonText(sameComparison(), { color: false, folder: 'output/comparisons/1/comparison.html' });
  expect(text).toMatch(/^= Same: Nothing has changed; sign-in to contoso works over both routes; announced but not seen: dns\.\n/);
  expect(renderComparisonHtml(sameComparison())).toMatch(/Alike on both sides \(\d\d+\)/);
});

test('only the words that differ are marked', () => {
  expect(changedPart('CN=a, serial 12, until 2027', 'CN=a, serial 13, until 2027')).toEqual(['CN=a, serial ', '12,', ' until 2027']);
  expect(changedPart(null, 'x')).toEqual(['', '(not there)', '']);
  expect(changedPart('same', 'same')).toEqual(['same', '', '']);
});
