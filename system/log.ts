/**
 * The program's log: winston, with the redacting format first, so that nothing reaches any output unredacted.
 * Human lines on standard error, JSON lines in a file.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createLogger, format, type Logger, transports } from 'winston';
import { dangerousCharacters } from '../contracts/dangerous-characters';

/** What takes secrets out of lines: probes/redaction/redact.ts is one. */
interface LogRedactor {
  /** A sentence of the program's own. */
  ownText(text: string): string;
  /** Data, however deep. */
  deep<T>(data: T): T;
}

export interface LogOptions {
  /** `debug` with --verbose, else `info`. */
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** --quiet: errors only, whatever the level. */
  readonly quiet: boolean;
  readonly redactor: LogRedactor;
  /** Also written to this file, one JSON object a line; made with rights for its owner only. */
  readonly file?: string;
}

export type Log = Logger;

/** Standard output stays free for `--json` and the like: every level goes to standard error. */
export function createLog({ level, quiet, redactor, file }: LogOptions): Log {
  const chosen = quiet ? 'error' : level;
  const outputs: (transports.ConsoleTransportInstance | transports.FileTransportInstance)[] = [
    new transports.Console({ level: chosen, stderrLevels: ['error', 'warn', 'info', 'debug'], format: format.printf(humanLine) }),
  ];
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const stream = new transports.File({ filename: file, level, options: { flags: 'a', mode: 0o600 }, format: format.json() });
    stream.on('open', () => process.platform !== 'win32' && chmodSync(file, 0o600));
    outputs.push(stream);
  }
  return createLogger({ level, format: format.combine(redacting(redactor)(), format.timestamp()), transports: outputs });
}

const splat = Symbol.for('splat');

/** Every value of an entry, errors with their stack included. */
const redacting = (redactor: LogRedactor): ReturnType<typeof format> =>
  format((info) => {
    for (const key of Object.keys(info)) if (key !== 'level') info[key] = cleaned(plain(info[key]), redactor);
    // The raw arguments travel along under a symbol; no format of ours needs them.
    delete info[splat];
    return info;
  });

/** Lines of the log are the probe's own sentences; what they quote was redacted where it came in. */
function cleaned(value: unknown, redactor: LogRedactor): unknown {
  if (typeof value === 'string') return redactor.ownText(value).replace(dangerousCharacters, '\u25A1');
  return typeof value === 'object' ? redactor.deep(value) : value;
}

/** An error as data: JSON would give `{}`, and its message must be redacted like any text. */
function plain(value: unknown): unknown {
  if (value instanceof Error) return { message: value.message, code: (value as NodeJS.ErrnoException).code, stack: value.stack };
  return typeof value === 'object' && value !== null
    ? (JSON.parse(
        JSON.stringify(value, (_, part: unknown) => (part instanceof Error ? plain(part) : typeof part === 'bigint' ? String(part) : part)),
      ) as unknown)
    : value;
}

function humanLine({ level, message, stack }: { level: string; message: unknown; stack?: unknown }): string {
  const words: Record<string, string> = { error: 'Error: ', warn: 'Warning: ', debug: '  ' };
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  // A stack is for --verbose and the file; a person reads the sentence.
  return `${words[level] ?? ''}${text}${level === 'debug' && typeof stack === 'string' ? `\n${stack}` : ''}`;
}
