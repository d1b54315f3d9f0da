/**
 * The known word nearest to a mistyped one (Levenshtein distance; two neighbours in the wrong order are one edit),
 * or null when none is near enough to be meant.
 * Near enough: at most two edits, and at most a third of the longer word's letters (so `ifdd` → `ifd`, but `foo` suggests nothing).
 */
export function nearestMatch(word: string, known: readonly string[]): string | null {
  let best: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    const distance = levenshtein(word.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.min(2, Math.floor(Math.max(word.length, candidate.length) / 3)));
    if (distance <= allowed && (best === null || distance < best.distance)) best = { word: candidate, distance };
  }
  if (best !== null) return best.word;
  // A long word cut short ("contoso" for "contoso-production") is many edits away and yet plainly meant.
  const begun = word.length >= 3 ? known.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase())) : [];
  return begun.length === 1 ? (begun[0] ?? null) : null;
}

function levenshtein(from: string, to: string): number {
  let [before, previous]: [readonly number[], readonly number[]] = [[], Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swap = swapped ? (before[column - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(substitution, swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    [before, previous] = [previous, current];
  }
  return previous[to.length] ?? 0;
}
