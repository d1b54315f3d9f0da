import type { Redactor } from '../../probes/redaction';
import { safeText } from '../../reports/safe-text';

let redactor: Redactor | null = null;

/** From now on what a crash says passes through this redactor. */
export function redactCrashes(by: Redactor): void {
  redactor = by;
}

/** A crash's text without the secrets that were known by then, and without what would drive the terminal: a server may have said it. */
export const withoutSecrets = (text: string): string => safeText(redactor?.ownText(text) ?? text);

/** Errors nobody caught: Node would print their message and stack as they are. Ends the process with exit code 3. */
export function watchForCrashes(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      const text = error instanceof Error ? (process.argv.includes('--verbose') ? error.stack : error.message.split('\n')[0]) : String(error);
      console.error(withoutSecrets(`signin-probe failed: ${text}. This is a fault of the probe; please report it.`));
      process.exit(3);
    });
}
