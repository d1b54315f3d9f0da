import { Secret, type SecretOptions, type SecretResult } from './secret';

/** `prompt:` or `prompt:TEXT`: asks on the terminal without echo. Asked on standard error, so that `--json` output stays clean. */
export async function secretFromPrompt(label: string, { interactive }: SecretOptions): Promise<SecretResult> {
  if (!interactive || !process.stdin.isTTY || !process.stderr.isTTY)
    return { ok: false, why: 'The password is to be asked for (prompt:), but there is no terminal to ask on; use env:NAME or file:PATH here.' };
  const typed = await readHidden(process.stdin, process.stderr, `${label || 'Password'}: `);
  return typed === null ? { ok: false, why: 'The password prompt was cancelled.' } : { ok: true, value: new Secret(typed) };
}

/** Reads one line with the terminal's echo off (raw mode). null = cancelled with Ctrl+C or Ctrl+D on an empty line. */
export function readHidden(input: NodeJS.ReadStream, output: NodeJS.WritableStream, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    let typed: string[] = [];
    const done = (value: string | null): void => {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
      output.write('\n');
      resolve(value);
    };
    const onData = (chunk: string): void => {
      // A pasted password arrives as one chunk: its line end finishes it, what follows is dropped.
      for (const character of chunk) {
        if (character === '\r' || character === '\n') return done(typed.join(''));
        if (character === '\u0003' || (character === '\u0004' && typed.length === 0)) return done(null);
        if (character === '\u0015') typed = [];
        else if (character === '\u007f' || character === '\b') typed.pop();
        else if (character >= ' ') typed.push(character);
      }
    };
    output.write(question);
    input.setEncoding('utf8');
    input.setRawMode(true);
    input.resume();
    input.on('data', onData);
  });
}
