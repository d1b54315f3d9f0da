import { request } from 'node:https';

export interface FetchOptions {
  /** Trusted root, PEM; nothing else is trusted. */
  readonly ca: string;
  readonly lookup: (host: string) => Promise<string>;
  readonly timeoutMs?: number;
}

/** Reads a document over HTTPS as one of the lab's servers would, by the lab's own names. Throws, naming the address, unless the answer is 200. */
export function fetchText(url: string, { ca, lookup, timeoutMs = 10_000 }: FetchOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`GET ${url}: ${why}`));
    const outgoing = request(url, {
      ca,
      agent: false,
      timeout: timeoutMs,
      lookup: (host, options, callback) => {
        lookup(host).then(
          (address) => (options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)),
          (error: NodeJS.ErrnoException) => callback(error, ''),
        );
      },
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.on('error', (error) => fail(error.message));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => fail(error.message));
      response.on('end', () =>
        response.statusCode === 200 ? resolve(Buffer.concat(chunks).toString('utf8')) : fail(`expected status 200, found ${response.statusCode}`),
      );
    });
    outgoing.end();
  });
}
