import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { replaceFile } from '../../system/replace-file';

/** How commands on this machine reach a running watch: a file only its owner can read names address and token. */
const placeSchema = z.object({ pid: z.number().int(), url: z.string(), token: z.string(), page: z.string().nullable(), startedAt: z.string() });
export type ControlPlace = z.infer<typeof placeSchema>;

const folderOf = (configFolder: string): string => join(configFolder, '.signin-probe', 'watch');

export interface Control {
  /** Tells commands that the watch is there, and where its page is. */
  announce(page: string | null): Promise<void>;
  close(): Promise<void>;
}

/** A server on loopback, on a free port, that answers only whoever can read the file. `routes` adds what it can be asked. */
export async function startControl(configFolder: string, routes: (app: FastifyInstance) => void): Promise<Control> {
  const token = randomBytes(32).toString('base64url');
  const app = Fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async (request, reply) => {
    const given = Buffer.from(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
    const wanted = Buffer.from(token);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return reply.code(401).send({ error: 'not for you' });
  });
  app.get('/hello', () => ({ pid: process.pid }));
  routes(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const file = join(folderOf(configFolder), `${process.pid}-${port}.json`);
  return {
    announce: async (page) => {
      await mkdir(folderOf(configFolder), { recursive: true, mode: 0o700 });
      const place: ControlPlace = { pid: process.pid, url: `http://127.0.0.1:${port}`, token, page, startedAt: new Date().toISOString() };
      replaceFile(file, `${JSON.stringify(place)}\n`);
    },
    close: async () => {
      await rm(file, { force: true });
      await app.close();
    },
  };
}

/** The watches of this configuration that answer now. What killed ones left behind is removed. */
export async function runningWatches(configFolder: string): Promise<ControlPlace[]> {
  const folder = folderOf(configFolder);
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => name.endsWith('.json'));
  const places = await Promise.all(names.map((name) => answering(join(folder, name))));
  return places.flatMap((place) => place ?? []);
}

/** One that is only slow to answer keeps its file: it writes it once. */
async function answering(path: string): Promise<ControlPlace | null> {
  const place = await readFile(path, 'utf8').then(
    (text) => placeSchema.parse(JSON.parse(text)),
    () => null,
  );
  const failure =
    place &&
    (await askControl(place, 'GET', '/hello').then(
      () => null,
      (error: NodeJS.ErrnoException) => error,
    ));
  if (place && failure === null) return place;
  if (failure === null || failure.code === 'ECONNREFUSED') await rm(path, { force: true });
  return null;
}

/** Asks a running watch. Rejects with its own words when it refuses. `onData` gets the answer piece by piece instead of at the end. */
export function askControl(
  place: ControlPlace,
  method: 'GET' | 'POST',
  path: string,
  options: { readonly body?: object; readonly onData?: (part: Buffer) => void } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const request = http.request(
      new URL(path, place.url),
      { method, timeout: 60_000, headers: { authorization: `Bearer ${place.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) } },
      (response) => {
        const parts: Buffer[] = [];
        const stream = options.onData && response.statusCode === 200 ? options.onData : (part: Buffer): void => void parts.push(part);
        response.on('data', stream);
        response.once('error', reject);
        response.once('aborted', () => reject(new Error('the watch broke off its answer')));
        response.once('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          if (response.statusCode !== 200) return reject(new Error(messageOf(text) ?? `the watch answered ${response.statusCode}`));
          resolve(options.onData ? null : (JSON.parse(text) as unknown));
        });
      },
    );
    request.once('timeout', () => request.destroy(new Error('the watch did not answer within a minute')));
    request.once('error', reject);
    request.end(body);
  });
}

function messageOf(text: string): string | null {
  try {
    const { error, message } = JSON.parse(text) as { error?: string; message?: string };
    return message ?? error ?? null;
  } catch {
    return null;
  }
}
