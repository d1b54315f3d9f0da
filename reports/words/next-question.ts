import type { NextQuestion, Result } from '../../contracts/report';

/** The questions of several results, each once. */
export const questionsOf = (results: readonly Result[]): readonly NextQuestion[] => {
  const asked = results.flatMap(({ nextQuestion }) => (nextQuestion === null ? [] : [nextQuestion]));
  return asked.filter(({ command, where }, index) => asked.findIndex((each) => each.where === where && each.command === command) === index);
};
