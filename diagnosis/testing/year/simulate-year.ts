import { startLabYear } from './lab-year';
import { type JudgedYear, judgeYear, truthOf } from './judge-year';
import { runYear } from './run-year';
import { scenarios, type YearScenario } from './scenarios';

/** Runs the scenarios on one lab and judges each. Takes seconds: no browser, no waiting. */
export async function simulateYear(chosen: readonly YearScenario[] = scenarios): Promise<JudgedYear[]> {
  const year = await startLabYear();
  try {
    const judged: JudgedYear[] = [];
    for (const scenario of chosen) {
      const run = await runYear(year, scenario, { observe: true });
      const truth = await truthOf(run, (operations) => runYear(year, scenario, { operations, observe: false }));
      judged.push(judgeYear(scenario, run, truth));
    }
    return judged;
  } finally {
    await year.close();
  }
}

const hours = (value: number | null): string => (value === null ? '–' : value.toFixed(1));

/** A Markdown table: one line per scenario, then the whole. */
export function yearTable(judged: readonly JudgedYear[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const line = ({ scenario, breaks, published, otherwise, falseAlarms, missed, told, good }: JudgedYear): string =>
    row([
      scenario.name,
      breaks.map(({ day, by }) => `${day.toFixed(1)} (${by})`).join(', ') || '–',
      `${published.days}`,
      hours(published.worstHours),
      `${otherwise.days}`,
      hours(otherwise.worstHours),
      `${falseAlarms}`,
      `${missed}`,
      `${told}`,
      scenario.unknowable ? `not counted: ${scenario.unknowable}` : good ? 'kept' : 'MISSED',
    ]);
  const counted = judged.filter(({ scenario }) => !scenario.unknowable);
  const worst = (of: 'published' | 'otherwise'): number => Math.max(0, ...counted.map((each) => each[of].worstHours ?? 0));
  const sum = (of: 'falseAlarms' | 'missed' | 'told'): number => counted.reduce((total, each) => total + each[of], 0);
  const days = (of: 'published' | 'otherwise'): number => counted.reduce((total, each) => total + each[of].days, 0);
  return [
    row([
      'Scenario',
      'Breaks on day (by)',
      'Days with successor published',
      'Worst error, h',
      'Other days',
      'Worst error, h',
      'False alarms',
      'Missed',
      'Broken days told',
      'Goal',
    ]),
    row(Array(10).fill('---')),
    ...judged.map(line),
    row([
      '**All that count**',
      '',
      `${days('published')}`,
      `**${hours(worst('published'))}**`,
      `${days('otherwise')}`,
      `**${hours(worst('otherwise'))}**`,
      `**${sum('falseAlarms')}**`,
      `**${sum('missed')}**`,
      `${sum('told')}`,
      counted.every(({ good }) => good) ? '**kept**' : '**MISSED**',
    ]),
  ].join('\n');
}
