const last = new Set<() => void>();

/**
 * Has something done when the process ends, whatever ends it but a kill; only what needs no waiting can be.
 * One listener for all: Node warns of a leak at more than ten, and a fleet's agent has more browsers than that.
 * @returns takes it back, for what has been done in good time
 */
export function atExit(work: () => void): () => void {
  if (last.size === 0) process.on('exit', doAll);
  last.add(work);
  return () => {
    last.delete(work);
    if (last.size === 0) process.off('exit', doAll);
  };
}

function doAll(): void {
  for (const work of [...last]) {
    try {
      work();
    } catch {
      // The others have theirs to do; nobody can be told any more.
    }
  }
}
