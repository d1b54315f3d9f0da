import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefinedRule } from '../../diagnosis/define-rule';

/** A cause's file in `folder` is named by its id; tests and `index.ts` are not causes. */
const idsIn = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !/\.(test|lab)\.ts$|^index\.ts$/.test(name))
    .map((name) => name.slice(0, -3))
    .sort();

/** The ids of all causes, from the files of diagnosis/causes. They keep the order in which reports already list them; a new one comes last. */
export function idsOfCauses(root: string): readonly string[] {
  const present = idsIn(root, 'diagnosis/causes');
  const known = [...readFileSync(join(root, 'contracts/causes.ts'), 'utf8').matchAll(/^ {2}'([a-z0-9-]+)',$/gm)].map(([, id]) => id ?? '');
  return [...known.filter((id) => present.includes(id)), ...present.filter((id) => !known.includes(id))];
}

/** `rp-trust-disabled` → `rpTrustDisabled`, the name of the rule that its file exports. */
export const exportName = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The rule in a cause's file. Throws, and says why, where the file has no such export. */
export function ruleIn(root: string, id: string): DefinedRule {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const rule = (require(join(root, 'diagnosis/causes', id)) as Record<string, DefinedRule>)[exportName(id)];
  if (rule?.id !== id) throw new Error(`diagnosis/causes/${id}.ts: expected \`export const ${exportName(id)} = defineRule({ id: '${id}', …\`.`);
  return rule;
}

const made = (from: string, what: string): string => `/** Made by \`npm run generate\` from ${from}: ${what} */\n`;

/** The text of contracts/causes.ts. */
export function causeIdsText(root: string): string {
  const head = made('the files of diagnosis/causes', 'one spelling for rule, test, lab fault, page and report anchor.');
  const entries = idsOfCauses(root).map((id) => `  '${id}',\n`);
  return `${head}export const causeIds = [\n${entries.join('')}] as const;\nexport type CauseId = (typeof causeIds)[number];\n`;
}

/** The text of diagnosis/causes/index.ts. */
export function rulesText(root: string): string {
  const ids = idsOfCauses(root);
  const imports = [...ids].sort().map((id) => `import { ${exportName(id)} } from './${id}';\n`);
  const entries = ids.map((id) => `  '${id}': ${exportName(id)},\n`);
  return (
    `import type { CauseId } from '../../contracts/causes';\nimport type { DefinedRule } from '../define-rule';\n${imports.join('')}\n` +
    `${made('the files beside it', 'every cause with its rule.')}export const rules: Readonly<Record<CauseId, DefinedRule>> = {\n${entries.join('')}};\n`
  );
}

/** The text of lab/faults/index.ts; a cause whose fault is not written yet is left out, so that the compiler names it. */
export function faultsText(root: string): string {
  const present = idsIn(root, 'lab/faults');
  const ids = idsOfCauses(root).filter((id) => present.includes(id));
  const imports = [...ids].sort().map((id) => `import { fault as ${exportName(id)} } from './${id}';\n`);
  const entries = ids.map((id) => `  '${id}': ${exportName(id)},\n`);
  return (
    `import type { Fault, FaultId } from '../lab-types';\n${imports.join('')}\n` +
    made('the files beside it', 'every cause the lab can show, as something that can be done to the lab.') +
    `export const faults: Readonly<Record<FaultId, Fault>> = {\n${entries.join('')}};\nexport const faultIds = Object.keys(faults) as readonly FaultId[];\n`
  );
}
