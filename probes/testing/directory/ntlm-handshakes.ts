/**
 * NTLM judged by a directory: Samba's ntlm_auth behind an HTTP server, as Squid and Apache use it.
 * One process per connection, since NTLM belongs to the connection.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** What the directory says to one message: the next message for the client, the user it took, or why not. */
export type NtlmAnswer = { readonly challenge: string } | { readonly user: string } | { readonly refused: string };

export class NtlmHandshakes {
  private readonly helpers = new Map<object, Helper>();
  /** What it said to the answers it refused, in order. */
  readonly refusals: string[] = [];

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
  ) {}

  /** `message` is base64, as in the Authorization header; `connection` is the one it came by. */
  async answer(connection: object, message: string): Promise<NtlmAnswer> {
    const first = Buffer.from(message, 'base64').readUInt32LE(8) === 1;
    const helper = this.helpers.get(connection) ?? new Helper(this.program, this.args);
    this.helpers.set(connection, helper);
    const said = await helper.say(`${first ? 'YR' : 'KK'} ${message}`);
    const [, word, rest = ''] = /^(\S+) ?(.*)$/.exec(said) ?? [];
    if (word === 'TT') return { challenge: rest };
    if (word === 'AF') return { user: rest };
    this.refusals.push(rest);
    return { refused: rest };
  }

  stop(): void {
    for (const helper of this.helpers.values()) helper.stop();
    this.helpers.clear();
  }
}

/** A line in, a line out. */
class Helper {
  private readonly child: ChildProcessWithoutNullStreams;
  private received = '';
  private onLine: (line: string) => void = () => undefined;

  constructor(program: string, args: readonly string[]) {
    this.child = spawn(program, args, { env: { PATH: process.env.PATH, LANG: 'C.UTF-8' } });
    this.child.stdin.on('error', () => undefined);
    this.child.once('error', () => this.onLine('BH it could not be started')).once('close', () => this.onLine('BH it ended'));
    this.child.stdout.on('data', (chunk: Buffer) => {
      const [line, ...more] = (this.received + chunk.toString('utf8')).split('\n');
      this.received = more.length === 0 ? (line ?? '') : more.join('\n');
      if (more.length > 0) this.onLine(line ?? '');
    });
    this.child.stderr.resume();
  }

  say(line: string): Promise<string> {
    const answer = new Promise<string>((resolve) => (this.onLine = resolve));
    this.child.stdin.write(`${line}\n`);
    return answer;
  }

  stop(): void {
    this.child.stdin.end();
    this.child.kill();
  }
}
