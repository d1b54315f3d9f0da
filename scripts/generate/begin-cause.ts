import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportName } from './cause-lists';

/** Marks every place of a new cause that must be thought about; a test fails while one is left. */
const todoOf = (id: string): string => `TO DO (${id})`;

const ruleText = (id: string, todo: string): string => `import { probeAgain } from '../remedy-steps';
import { cannotTell, defineRule } from '../define-rule';

/** ${todo}: what happens, in one sentence. */
export const ${exportName(id)} = defineRule({
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

const ruleTestText = (id: string, todo: string): string => `import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { sample } from '../testing/sample-evidence';
import { ${exportName(id)} } from './${id}';

// ${todo}: found, clear, cannot tell, each against its look-alikes.
test('${todo}', () => {
  expect(judged(${exportName(id)}, sample()).outcome).toBe('clear');
});
`;

const faultText = (id: string, todo: string): string => `import type { Fault } from '../lab-types';

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

const pageText = (id: string, todo: string): string => `# ${todo}

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

const effectsFile = 'lab/faults/faults.lab.ts';

/** The lab's table of what a client meets, with an entry for the cause. */
function withEffect(old: string, id: string, todo: string): string {
  const at = old.indexOf('\n};\n', old.indexOf('\nconst effects')) + 1;
  if (!old.includes('\nconst effects') || at === 0) throw new Error(`${effectsFile}: the table "effects" is not where it was; add '${id}' by hand.`);
  return `${old.slice(0, at)}  // ${todo}: what does a client meet?\n  '${id}': refusedWith('${todo}'),\n${old.slice(at)}`;
}

/** Begins what is still missing of a cause; says of each file whether it was begun. What is there already stays as it is. */
export function beginCause(root: string, id: string): { readonly file: string; readonly begun: boolean }[] {
  if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)) throw new Error(`npm run cause -- CAUSE-ID: expected a name like rp-trust-disabled, found "${id}".`);
  const todo = todoOf(id);
  const begun = (
    [
      [`diagnosis/causes/${id}.ts`, ruleText],
      [`diagnosis/causes/${id}.test.ts`, ruleTestText],
      [`lab/faults/${id}.ts`, faultText],
      [`docs/causes/${id}.md`, pageText],
    ] as const
  ).map(([file, text]) => {
    const there = existsSync(join(root, file));
    if (!there) writeFileSync(join(root, file), text(id, todo));
    return { file, begun: !there };
  });
  const old = readFileSync(join(root, effectsFile), 'utf8');
  const known = old.includes(`'${id}'`);
  if (!known) writeFileSync(join(root, effectsFile), withEffect(old, id, todo));
  return [...begun, { file: effectsFile, begun: !known }];
}
