import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandDefinition, commandGroups } from '../../cli/shared/define-command';

/** The text of cli/command-list.ts, out of the files in cli/commands. */
export function commandListText(root: string): string {
  const folder = join(root, 'cli', 'commands');
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3)); // prettier-ignore
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const commands = names.map((name) => (require(join(folder, name)) as { command: CommandDefinition }).command);
  const place = ({ group, place: inGroup }: CommandDefinition): number => commandGroups.indexOf(group) * 100 + inGroup;
  const entries = commands
    .sort((a, b) => place(a) - place(b))
    .map(
      ({ name, group, args, description }) =>
        `  {\n    name: ${quoted(name)},\n    group: ${quoted(group)},\n    args: ${quoted(args)},\n    description: ${quoted(description)},\n` +
        `    load: () => require('./commands/${name}') as typeof import('./commands/${name}'),\n  },`,
    );
  return `/** Made by \`npm run generate\` from cli/commands: what \`--help\` needs of each command without loading it. */
/* eslint-disable @typescript-eslint/no-require-imports */
export const commandList = [\n${entries.join('\n')}\n] as const;\n`;
}

const quoted = (text: string): string => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);
