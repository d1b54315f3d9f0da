import { join } from 'node:path';
import { beginCause } from './begin-cause';

/** `npm run cause -- CAUSE-ID`: begins what is still missing of a cause. */
for (const { file, begun } of beginCause(join(__dirname, '..', '..'), process.argv[2] ?? ''))
  console.log(`${begun ? 'begun        ' : 'there already'}  ${file}`);
console.log('Then npm run generate, and a line in CHANGELOG.md. CONTRIBUTING.md, "Add a cause", goes on from here.');
