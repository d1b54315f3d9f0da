import { expect, test } from '@playwright/test';
import { codeSpan, escapeMarkdown, renderMarkdown } from './markdown';
import { hostileReport } from './testing/hostile';
import { atRiskSample, brokenSample, healthySample, sampleReports, unexplainedSample } from './testing/sample-reports';

test('text is escaped for Markdown, tables and HTML', () => {
  expect(escapeMarkdown('a|b `c` *d* <script> [x](y) & \n# e')).toBe('a\\|b \\`c\\` \\*d\\* &lt;script&gt; \\[x\\](y) &amp; \\# e');
  expect(escapeMarkdown('1. x')).toBe('1\\. x');
  expect(escapeMarkdown('1.0.0')).toBe('1.0.0');
  expect(escapeMarkdown('- x')).toBe('\\- x');
});

test('a code span holds back-ticks and pipes', () => {
  expect(codeSpan('a``b`c|d')).toBe('``` a``b`c\\|d ```');
  expect(codeSpan('plain')).toBe('`plain`');
});

test('the ticket says the verdict per route, the cause once, the proof and the commands', () => {
  const text = renderMarkdown(brokenSample());
  expect(text).toContain('# Sign-in to contoso is broken over both routes');
  expect(text).toContain('| contoso | IFD | ✕ **Broken** |');
  expect(text.match(/^## Cause: /gm)).toHaveLength(1);
  expect(text).toContain('[KB 2686840](https://support.microsoft.com/help/2686840)');
  expect(text).toContain('   ```\n   Restart-Service adfssrv\n   ```');
  expect(text).toContain('| 6 | `POST token to internalcrm.contoso.com/` | `302 → /_common/error/errorhandler.aspx` | 142 ms |');
});

test('a risk and an unexplained failure are called by their names, a healthy ticket is short', () => {
  expect(renderMarkdown(atRiskSample())).toContain('## Risk: A new AD FS signing certificate waits');
  expect(renderMarkdown(unexplainedSample())).toContain('## Unexplained: none of the known causes fits (internal claims)');
  expect(renderMarkdown(healthySample()).split('\n').length).toBeLessThan(15);
});

for (const [name, sample] of Object.entries(sampleReports))
  test(`no attack in the ${name} sample becomes markup, and tables keep their columns`, () => {
    const text = renderMarkdown(hostileReport(sample()));
    const outsideCode = text.replace(/^( *)(`{3,})\n[\s\S]*?\n\1\2$/gm, '').replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/<[a-z/!]/i);
    expect(outsideCode.replace(/\[KB \d+\]\(https:[^)]*\)/g, '')).not.toMatch(/(?<!\\)\]\(/);
    expect(text).not.toMatch(/^# owned/m);
    const columns = (line: string): number => line.split(/(?<!\\)\|/).length;
    for (const block of text.split('\n\n').filter((part) => part.startsWith('| '))) expect(new Set(block.split('\n').map(columns)).size).toBe(1);
  });
