import { defineCommand, browserOption, wholeNumber } from '../shared/define-command';
import type { Baseline } from '../../contracts/baseline';
import { findBrowser } from '../../probes/browser';
import { ProbeFault } from '../../contracts/probe-fault';
import { checkNameFree, listBaselines, writeBaseline } from '../../runs/baselines';
import { brokenRoutes, checkKnown, recordRuns } from '../../runs/baselines-record';
import { renderBaselineList, renderBaselineSaved } from '../../reports/baseline-text';
import { safeJson } from '../../reports/safe-json';
import { browserOr } from '../shared/browser-or';
import { type CommonOptions, equipment, targetsFor } from '../shared/common';
import { unknownAction } from '../shared/unknown-action';

/** `signin-probe baseline save NAME [target…]` and `signin-probe baseline list`. */
export const command = defineCommand({
  name: 'baseline',
  group: 'Before and after a change',
  place: 2,
  args: '<action> [name] [target...]',
  description: 'save NAME: sign in and keep the good state under a name; list: the baselines that are kept',
  example: 'signin-probe baseline save before-patch-day contoso --repeat 10',
  options: (command) =>
    command
      .option('--repeat <n>', 'sign in so often, for times that can be compared (10 and more)', wholeNumber)
      .option('--force', 'replace a baseline of this name')
      .option('--even-if-broken', 'save although sign-in does not work')
      .option('--label <text>', 'a note kept in the reports')
      .option('--json', 'print the baseline, or the list, as JSON')
      .addOption(browserOption()),
  run,
});

async function run([action = '', name, ...targets]: string[], options: CommonOptions): Promise<number> {
  switch (action) {
    case 'list':
      return list(options);
    case 'save':
      if (name === undefined) throw new ProbeFault('signin-probe baseline save: expected a name for the baseline, such as before-patch-day.');
      return save(name, targets, options);
    default:
      throw unknownAction('baseline', action, ['save', 'list']);
  }
}

async function save(name: string, names: readonly string[], options: CommonOptions): Promise<number> {
  const { targets, browser: configured } = targetsFor(names, options);
  await checkNameFree(options.out, name, options.force ?? false);
  const { log, redactor } = equipment(options);
  const browser = browserOr(await findBrowser({ configured }), log);
  const { baseline, folders } = await recordRuns({
    targets,
    browser,
    log,
    redactor,
    outFolder: options.out,
    label: options.label ?? `baseline ${name}`,
    interactive: process.stdin.isTTY,
    repeat: options.repeat ?? 1,
    name,
  });
  checkKnown(baseline);
  const broken = brokenRoutes(baseline);
  if (broken.length > 0 && !options.evenIfBroken) {
    process.stderr.write(
      `Not saved: sign-in does not work, and a baseline is a good state to come back to.\n` +
        `${broken.map((text) => `  ${text}\n`).join('')}The report: ${folders.at(-1)}. Save it all the same with --even-if-broken.\n`,
    );
    return 2;
  }
  const file = await writeBaseline(options.out, { ...baseline, name });
  process.stdout.write(options.json ? `${safeJson(baseline)}\n` : renderBaselineSaved(baseline, file));
  return 0;
}

async function list(options: CommonOptions): Promise<number> {
  const baselines: readonly Baseline[] = await listBaselines(options.out);
  const shown = baselines.map(({ name, savedAt, label, runs, states }) => ({
    name,
    savedAt,
    label,
    runs,
    routes: states.map(({ target, route, verdict }) => ({ target, route, verdict })),
  }));
  process.stdout.write(options.json ? `${safeJson(shown)}\n` : renderBaselineList(baselines, options.out));
  return 0;
}
