import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeIds } from '../../../contracts/causes';
import { routeSchema } from '../../../contracts/words';
import { rules } from '../../../diagnosis/causes';
import { sample } from '../../../diagnosis/testing/sample-evidence';
import { checklist } from '../../../runs/after-rollover/checklist';
import { root, sourceFiles } from '../../testing/source-files';

export interface PrintedCommand {
  readonly where: string;
  readonly command: string;
}

/** Every PowerShell command that the program or a document shows, each once, with the first place it stands. */
export function printedCommands(): readonly PrintedCommand[] {
  const all = [...ofRemedies(), ...ofRepair(), ...ofSources(), ...ofDocuments()];
  return all.filter(({ command }, at) => all.findIndex((each) => each.command === command) === at);
}

/** The steps of every cause and what is checked afterwards, as they are made for a sample. */
const ofRemedies = (): PrintedCommand[] =>
  causeIds.flatMap((id) =>
    routeSchema.options.flatMap((route) => {
      const [rule, base] = [rules[id], sample(route)];
      const steps = [...rule.remedy(base), ...(rule.checkAfterwards?.(base) ?? []), ...(rule.elsewhere?.remedy(base) ?? [])];
      return steps.flatMap(({ command }) => (command === undefined ? [] : [{ where: id, command }]));
    }),
  );

/** The guided repair of KB 2686840, with what was read of the deployment and without. */
const ofRepair = (): PrintedCommand[] =>
  ['https://internalcrm.contoso.com', null].flatMap((realm) => {
    const realms = routeSchema.options.map((route) => ({ route, realm }));
    const steps = checklist({ stsMetadataUrl: 'https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml', realms, encryption: null, ifd });
    return steps.flatMap(({ command }) => (command === null ? [] : [{ where: 'after-rollover', command }]));
  });
const ifd = { external: 'auth.contoso.com', parent: 'contoso.com', hosts: ['contoso.contoso.com'] };

/** Cmdlets written out as a text in code: next questions, forecasts, the guided repair. */
function ofSources(): PrintedCommand[] {
  const texts = /(['"`])((?:[A-Z][a-z]+-(?:Adfs|Crm|Web|AD|Win)\w+|\$\w+ = Get-)(?:\\.|(?!\1)[^\\\n])*)\1/g;
  const code = sourceFiles().filter((file) => /^(diagnosis|runs|reports|cli|probes)\/.*\.ts$/.test(file) && !/\.(test|lab|probe)\.ts$|\/testing\//.test(file));
  return code.flatMap((where) =>
    [...read(where).matchAll(texts)].flatMap((match) => {
      const [whole, quote, text = ''] = match;
      // A piece of a longer text is no command; ofRemedies has the whole.
      const before = match.input.slice(0, match.index).trimEnd();
      const after = match.input.slice(match.index + whole.length).trimStart();
      if (before.endsWith('+') || after.startsWith('+')) return [];
      const command = unescaped(text, quote ?? '');
      // A bare name is told of, not printed to be run; what has something put in stands in ofRemedies or ofRepair.
      return /^\S+$/.test(command) || text.includes('${') ? [] : [{ where, command }];
    }),
  );
}

const unescaped = (text: string, quote: string): string => text.replaceAll(`\\${quote}`, quote).replaceAll('\\\\', '\\');

/** Blocks marked as PowerShell in documents. */
const ofDocuments = (): PrintedCommand[] =>
  sourceFiles()
    .filter((file) => file.endsWith('.md'))
    .flatMap((where) =>
      [...read(where).matchAll(/^( *)```powershell\n([\s\S]*?)^ *```/gm)].map(([, indent = '', block = '']) => ({
        where,
        command: block.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim(),
      })),
    );

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
