/** What comes of the work, or `otherwise` when it fails or takes longer. It is not stopped: nobody waits for it any more. */
export async function within<T, U>(work: Promise<T>, ms: number, otherwise: U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work, new Promise<U>((resolve) => (timer = setTimeout(() => resolve(otherwise), ms)))]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
