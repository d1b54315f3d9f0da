/**
 * Waits for SIGTERM or SIGINT, then ends the work and the process, with 0. A second signal, or `withinMs` without an end, ends the process at once.
 * `onHangUp` is called with SIGHUP (not on Windows: `signin-probe reload` does the same there).
 */
export async function untilStopped(
  end: () => Promise<void>,
  { onHangUp, withinMs = 19_000 }: { readonly onHangUp?: () => void; readonly withinMs?: number } = {},
): Promise<never> {
  if (onHangUp && process.platform !== 'win32') process.on('SIGHUP', onHangUp);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const hurry = setTimeout(() => process.exit(3), withinMs);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(3));
  await end();
  clearTimeout(hurry);
  // A sign-in that was handed back may still be under way here; it ends with its process.
  process.exit(0);
}
