import { once } from 'node:events';

/** What writing to a pipe comes to whose reader is gone (`| head -1`); Windows has two words for it. */
const isClosedPipe = (error: unknown): boolean => ['EPIPE', 'EOF'].includes((error as NodeJS.ErrnoException).code ?? '');

/** A reader that has seen enough is no fault: what is left to say goes nowhere, and the command ends as it would have. */
export function allowClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error;
    });
}

/** Writes to standard output as fast as its reader takes it. Ends early, without an error, once nobody reads any more. */
export async function writeAll(texts: AsyncIterable<string>): Promise<void> {
  try {
    for await (const text of texts) if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  }
}
