import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportName } from './cause-lists';

/**
 * `npm run cause -- CAUSE-ID`: begins what is still missing of a cause. Everything that must be thought about is marked "TO DO (CAUSE-ID)"; a test fails while
 * one is left.
 */
const root = join(__dirname, '..', '..');
const [id = ''] = process.argv.slice(2);
if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)) throw new Error(`npm run cause -- CAUSE-ID: expected a name like rp-trust-disabled, found "${id}".`);
const name = exportName(id);
const todo = `TO DO (${id})`;

const rule = `import { probeAgain } from '../remedy-steps';
import { cannotTell, defineRule } from '../define-rule';

/** ${todo}: what happens, in one sentence. */
export const ${name} = defineRule({
  id: '${id}',
  title: '${todo}: what a report says',
  // ${todo}: docs/causes/README.md shows the others with their stage and rank, contracts/rule.ts says what the words mean.
  stage: 'crm-page',
  rank: 99,
  liesWith: 'relying-party',
  ceiling: 'suspected',
  needs: ['exchanges'],
  judge: () => cannotTell('${todo}'),
  remedy: () => [{ text: 'On the CRM server: ${todo}.', command: '${todo}' }],
  checkAfterwards: (base) => [probeAgain(base)],
});
`;

const ruleTest = `import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { sample } from '../testing/sample-evidence';
import { ${name} } from './${id}';

// ${todo}: found, clear, cannot tell, each against its look-alikes.
test('${todo}', () => {
  expect(judged(${name}, sample()).outcome).toBe('clear');
});
`;

const fault = `import type { Fault } from '../lab-types';

export const fault: Fault = {
  id: '${id}',
  what: '${todo}: the mechanism, in one sentence.',
  apply() {
    throw new Error('${todo}');
  },
  clear() {
    throw new Error('${todo}');
  },
};
`;

const page = `# ${todo}

\`${id}\`

${todo}: what happens.

## What users see

- ${todo}

## How we know

| Evidence | Certainty |
| --- | --- |
| ${todo} | suspected |

## Twins

- ${todo}

## Remedy

## Sources

- ${todo}
`;

for (const [file, text] of [
  [`diagnosis/causes/${id}.ts`, rule],
  [`diagnosis/causes/${id}.test.ts`, ruleTest],
  [`lab/faults/${id}.ts`, fault],
  [`docs/causes/${id}.md`, page],
] as const) {
  const there = existsSync(join(root, file));
  if (!there) writeFileSync(join(root, file), text);
  console.log(`${there ? 'there already' : 'begun        '}  ${file}`);
}

const effects = 'lab/faults/faults.lab.ts';
const old = readFileSync(join(root, effects), 'utf8');
const begin = '/** What a client meets at each fault; called once per route. */\nconst effects';
const at = old.indexOf('\n};\n', old.indexOf(begin)) + 1;
if (!old.includes(begin) || at === 0) throw new Error(`${effects}: the table "effects" is not where it was; add '${id}' by hand.`);
if (!old.includes(`'${id}'`))
  writeFileSync(join(root, effects), `${old.slice(0, at)}  // ${todo}: what does a client meet?\n  '${id}': refusedWith('${todo}'),\n${old.slice(at)}`);
console.log(
  `${old.includes(`'${id}'`) ? 'there already' : 'begun        '}  ${effects}\nThen npm run generate, and a line in CHANGELOG.md. CONTRIBUTING.md, "Add a cause", goes on from here.`,
);
