import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, sourceFiles } from '../testing/source-files';

const files = sourceFiles();
const texts = files
  .filter((file) => /\.(ts|md|js|mjs)$/.test(file) && !/^(CHANGELOG|docs\/licences)\.md$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const documents = texts.filter(({ file }) => file.endsWith('.md'));

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] ?? '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replace(/ /g, '-'),
    ),
  );

test('every link of a document leads to a file and a heading that are there', () => {
  const wrong = documents.flatMap(({ file, text }) =>
    [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g)].flatMap(([link, path = '', anchor]) => {
      const target = path === '' ? join(root, file) : resolve(root, dirname(file), path);
      if (!existsSync(target)) return [`${file}: ${link}`];
      return anchor && target.endsWith('.md') && !anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? [`${file}: ${link} has no such heading`] : [];
    }),
  );
  expect(wrong).toEqual([]);
});

/** Numbered headings, and the numbered points of section 15. */
const sectionsOf = (guide: string): Set<string> => new Set([...guide.matchAll(/^(?:##+ |- \*\*)(\d+(?:\.\d+)?)\b/gm)].map((match) => match[1] ?? ''));

test('every section of the field guide that is cited is there', () => {
  const guide = readFileSync(join(root, 'docs/field-guide.md'), 'utf8');
  const sections = sectionsOf(guide);
  expect(sections.size).toBeGreaterThan(30);
  // "field guide §7, §10 and 11", "[Field guide](../field-guide.md) §7.2–7.4", "field guide sections 5.2 and 9"
  const cited =
    /field guide(?:\]\([^)]*\))?,? (?:sections? |§§? ?)(\d+(?:\.\d+)?(?:(?:, | and |, and |–|-| to )(?:§ ?)?\d+(?:\.\d+)?(?![.\d]*\s*(?:seconds?|s\b|minutes?)))*)/gi;
  let count = 0;
  const wrong = texts.flatMap(({ file, text }) =>
    [...text.matchAll(cited)].flatMap((match) =>
      (match[1]?.match(/\d+(?:\.\d+)?/g) ?? []).flatMap((section) => {
        count++;
        return sections.has(section) ? [] : [`${file}: ${match[0]} (no §${section})`];
      }),
    ),
  );
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(150);
});

test("every section in the lab's list of sources is there", () => {
  const guide = readFileSync(join(root, 'docs/field-guide.md'), 'utf8');
  const sections = sectionsOf(guide);
  const rows = readFileSync(join(root, 'lab/SOURCES.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.split(' | ').length === 3);
  const cells = rows
    .map((row) => row.split(' | ')[1] ?? '')
    .filter((cell) => /^\d/.test(cell))
    .map((cell) => cell.split(';')[0] ?? '');
  expect(cells.length).toBeGreaterThan(60);
  expect(
    cells.flatMap((cell) => (cell.match(/\b\d+(?:\.\d+)?\b/g) ?? []).filter((section) => !sections.has(section)).map((section) => `${cell}: ${section}`)),
  ).toEqual([]);
});

test('no document and no comment names a file that is not there', () => {
  const known = new Set(files.flatMap((file) => file.split('/').map((_, at, parts) => parts.slice(at).join('/'))));
  const comment = /^\s*(?:\/\*\*?|\*|\/\/)|\s\/\/ /;
  const wrong = texts.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, at) => {
      if (!file.endsWith('.md') && !comment.test(line)) return [];
      const named =
        line
          .replace(/https?:\/\/\S+/g, '')
          .match(/(?<![\w./@<*-])(?:[\w-]+\/)+[\w.-]+\.(?:ts|md)\b|(?<![\w./@<*-])(?:causes|design|contract)\.(?:md|json)\b/g) ?? [];
      return named.filter((name) => !known.has(name)).map((name) => `${file}:${at + 1}: ${name}`);
    }),
  );
  expect(wrong).toEqual([]);
});
