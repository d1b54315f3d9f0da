import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RemedyStep } from '../../contracts/report';
import type { Rule } from '../../contracts/rule';
import { type Stage, stageOrder } from '../../contracts/words';
import { sample } from '../../diagnosis/testing/sample-evidence';
import { escapeMarkdown } from '../../reports/markdown';
import { idsOfCauses, ruleIn } from './cause-lists';

/** What stands between them in a page is made from the rule; the rest of the page is written by hand. */
export const stepsBegin = '<!-- the steps of the rule, made by npm run generate -->';
export const stepsEnd = '<!-- end of the steps -->';

const titleOf = ({ title, kb }: Pick<Rule, 'title' | 'kb'>): string => `${title}${kb === null ? '' : ` (KB ${kb})`}`;

/** The handbook pages of all causes that have one, each with the title and the steps its rule has now. */
export function causePages(root: string): { readonly path: string; readonly text: string }[] {
  return idsOfCauses(root)
    .map((id) => ({ path: `docs/causes/${id}.md`, rule: ruleIn(root, id) }))
    .filter(({ path }) => existsSync(join(root, path)))
    .map(({ path, rule }) => ({ path, text: withSteps(readFileSync(join(root, path), 'utf8'), rule) }));
}

/** The page with the rule's title as its heading, and the rule's steps first under "Remedy". */
export function withSteps(page: string, rule: Pick<Rule, 'title' | 'kb' | 'remedy' | 'checkAfterwards'>): string {
  const lines = page.split('\n');
  if (!lines.includes('## Remedy')) return page;
  const [begin, end] = [lines.indexOf(stepsBegin), lines.indexOf(stepsEnd)];
  const at = lines.indexOf('## Remedy') + 1;
  const [before, after] = begin >= 0 && end > begin ? [lines.slice(0, begin), lines.slice(end + 1)] : [lines.slice(0, at), lines.slice(at)];
  const written = (part: readonly string[]): string => part.join('\n').trim();
  const base = sample();
  const afterwards = rule.checkAfterwards?.(base) ?? [];
  const steps = [
    stepsBegin,
    'As a report gives them, here for contoso.com:',
    list(rule.remedy(base)),
    ...(afterwards.length > 0 ? ['Afterwards:', list(afterwards)] : []),
    stepsEnd,
  ];
  return `${[`# ${titleOf(rule)}`, written(before.slice(1)), ...steps, written(after)].join('\n\n')}\n`;
}

const list = (steps: readonly RemedyStep[]): string =>
  steps
    .map(({ text, command }, index) => {
      const mark = `${index + 1}. `;
      const indent = ' '.repeat(mark.length);
      const block = command === undefined ? [] : ['', '```powershell', ...command.split('\n'), '```'].map((line) => (line === '' ? '' : `${indent}${line}`));
      return [`${mark}${wrapped(escapeMarkdown(text), indent)}`, ...block].join('\n');
    })
    .join('\n\n');

/** In lines of 150 characters at most; none begins with what Markdown would take for a list. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length >= 150 && !/^[-+=#]|^\d+[.)]/.test(word)) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}

const stages: Readonly<Record<Stage, string>> = {
  dns: 'Names',
  tls: 'TLS',
  'crm-redirect': "CRM's first answer",
  'sts-page': "The STS's first answer",
  credentials: 'Credentials',
  'token-issue': 'The token is made',
  'token-post': 'CRM judges the token',
  'crm-session': "CRM's session",
  'crm-page': "CRM's page",
};

const kinds: Readonly<Record<Rule['liesWith'], string>> = {
  sts: 'the STS',
  'relying-party': 'CRM or its trust',
  method: 'the way of signing in',
  account: 'the account',
  rights: 'what the account may',
  network: 'the network',
};

const natures: Readonly<Record<Rule['nature'], string>> = { breaks: '', warns: ', a warning', effect: ', an effect' };

/** The text of docs/causes/README.md. */
export function causeTableText(root: string): string {
  const rules = idsOfCauses(root).map((id) => ruleIn(root, id));
  const row = (rule: Rule): string =>
    `| ${[rule.rank, `[${rule.id}](${rule.id}.md)`, titleOf(rule).replace(/\|/g, '\\|'), `${rule.ceiling}${natures[rule.nature]}`, kinds[rule.liesWith]].join(
      ' | ',
    )} |`;
  const tables = stageOrder.map((stage) => {
    const here = rules.filter((rule) => rule.stage === stage).sort((a, b) => a.rank - b.rank);
    return `## ${stages[stage]} (${stage})\n\n| Rank | Cause | In words | At most | Lies with |\n| --- | --- | --- | --- | --- |\n${here.map(row).join('\n')}`;
  });
  return [
    '<!-- made by npm run generate from diagnosis/causes -->',
    '# Causes',
    `The ${rules.length} causes that signin-probe knows, in the order in which a sign-in meets them. Within a stage the lower rank hides the higher one.`,
    'A cause that is not in the list comes out as *unexplained*, with the evidence. CONTRIBUTING.md says how to add one.',
    ...tables,
    '',
  ].join('\n\n');
}

/** Between these marks a document shows the number of causes. */
const numberMark = /<!-- causes -->\d*<!-- \/causes -->/g;

/** A document with the number of causes where it asks for it. */
export const withNumber = (root: string, path: string): string =>
  readFileSync(join(root, path), 'utf8').replace(numberMark, `<!-- causes -->${idsOfCauses(root).length}<!-- /causes -->`);
