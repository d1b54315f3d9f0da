import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, sourceFiles } from '../testing/source-files';

const ids = readdirSync(join(root, 'diagnosis/causes')).flatMap((name) => (/^(?!index)[a-z0-9-]+\.ts$/.test(name) ? [name.slice(0, -3)] : []));

/** Files that name several causes for a reason of their own, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'contracts/causes.ts': 'generated',
  'diagnosis/causes/index.ts': 'generated',
  'lab/faults/index.ts': 'generated',
  'diagnosis/facts/server-events.ts': 'what an event of a server speaks for; a fact may not know the rules',
  'diagnosis/next-question.ts': 'what the answer to a question means',
  'lab/shown-elsewhere.ts': 'what the lab cannot show',
  'lab/masking-order.ts': 'which faults the lab can hold side by side',
};

test('what is said of a cause stands in its own file: no other keeps a list of causes', () => {
  const files = sourceFiles().filter((file) => file.endsWith('.ts'));
  const lists = files
    .filter((file) => !/\.(test|lab|probe)\.ts$/.test(file) && !/^diagnosis\/causes\/(?!index)|\/testing\/sample-/.test(file))
    .filter((file) => {
      const text = read(file);
      return ids.filter((id) => text.includes(`'${id}'`)).length > 2;
    });
  expect(lists.filter((file) => !(file in exceptions))).toEqual([]);
  expect(Object.keys(exceptions).filter((file) => !lists.includes(file))).toEqual([]);
});

function read(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return '';
  }
}
