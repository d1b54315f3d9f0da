import type { Logger } from 'winston';
import type { Target } from '../../contracts/target';
import type { Route } from '../../contracts/words';
import type { AdfsGeneration } from '../../lab/adfs/generation';
import type { PageLanguage } from '../../lab/adfs/pages/texts';
import type { CrmVersion } from '../../lab/crm/versions';
import { createLog } from '../../system/log';
import { createRedactor, type Redactor } from '../../probes/redaction';
import { loadTargets, selectTargets } from '../../config/targets';
import { ProbeFault } from '../../contracts/probe-fault';
import { redactCrashes } from './crash-output';

/** Options every command may carry; each reads its own. */
export interface CommonOptions {
  readonly config: string;
  readonly out: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly route?: Route;
  readonly format?: 'ics' | 'nagios' | 'prometheus' | 'prtg' | 'zabbix' | 'checkmk' | 'json' | 'html' | 'md' | 'junit' | 'jsonl' | 'csv';
  readonly location?: string;
  readonly server?: string;
  readonly token?: string;
  readonly ca?: string;
  readonly database?: string;
  readonly from?: string;
  readonly to?: string;
  readonly eachNode?: boolean;
  readonly printConfig?: boolean;
  readonly trace?: boolean;
  readonly timing?: boolean;
  readonly label?: string;
  readonly scope?: 'user' | 'machine';
  readonly browser?: string;
  readonly failOn?: 'broken' | 'at-risk';
  readonly metadata?: string;
  readonly eventLog?: readonly string[];
  readonly step?: number;
  readonly anyway?: boolean;
  readonly new?: boolean;
  readonly repeat?: number;
  readonly expect?: string;
  readonly force?: boolean;
  readonly evenIfBroken?: boolean;
  readonly fault?: string;
  readonly generation?: AdfsGeneration;
  readonly crm?: CrmVersion;
  readonly paginated?: boolean;
  readonly customised?: boolean;
  readonly language?: PageLanguage;
  readonly hrd?: boolean;
  readonly totp?: boolean;
  readonly face?: 'errorhandler' | '401' | '500' | 'sts-loop' | 'sts-prompt';
}

/** The targets asked for, or a ProbeFault that lists every problem of the configuration. */
export function targetsFor(names: readonly string[], options: CommonOptions): { targets: readonly Target[]; browser: string | null } {
  const loaded = loadTargets(options.config);
  if (!loaded.ok) throw new ProbeFault(loaded.problems.map(({ text }) => text).join('\n'));
  const selected = selectTargets(loaded.targets, [...names], options.route);
  if (!selected.ok) throw new ProbeFault(selected.problems.join('\n'));
  return { targets: selected.targets, browser: options.browser ?? loaded.browser };
}

/** Log and redactor of one command. */
export function equipment(options: CommonOptions): { log: Logger; redactor: Redactor } {
  const redactor = createRedactor();
  redactCrashes(redactor);
  const level = options.verbose ? 'debug' : 'info';
  return { log: createLog({ level, quiet: options.quiet ?? false, redactor }), redactor };
}
