import { scenarios } from '../../diagnosis/testing/year/scenarios';
import { simulateYear, yearTable } from '../../diagnosis/testing/year/simulate-year';

/** Prints how the forecast did in 400 simulated days of each scenario (docs/forecast.md); with a number, as many times over with other seeds. */
const startedAt = performance.now();
const repeats = Number(process.argv[2] ?? 1);
const chosen = Array.from({ length: repeats }, (_, repeat) => scenarios.map((scenario) => ({ ...scenario, seed: scenario.seed + repeat * 1000 }))).flat();
simulateYear(chosen).then(
  (judged) => {
    console.log(yearTable(judged));
    console.log(`\n${judged.length} scenarios in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    process.exitCode = judged.every(({ scenario, good }) => good || scenario.unknowable) ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 3;
  },
);
