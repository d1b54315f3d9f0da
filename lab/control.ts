import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { faultIds } from './faults';
import { refusalFaces } from './crm/crm-types';
import { rolloverPhases, type Lab } from './lab-types';
import { repairSteps, repairStepNamed } from './repair';

/** The control interface of the contract: plain HTTP on 127.0.0.1. */
export interface Control {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** What the control interface drives. */
export type Controlled = Pick<Lab, 'setFaults' | 'rollover' | 'repair' | 'setClock' | 'setFace' | 'state'>;

class BadRequest extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly expected: string,
  ) {
    super(message);
  }
}

const largestBody = 64 * 1024;
const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/i;
const list = (values: readonly string[]): string => values.join(', ');

interface Operation {
  readonly method: 'GET' | 'POST';
  readonly expected: string;
  readonly run: (lab: Controlled, body: unknown) => unknown;
}

function operation<Body>(schema: z.ZodType<Body>, expected: string, run: (lab: Controlled, body: Body) => unknown): Operation {
  return {
    method: 'POST',
    expected,
    run(lab, body) {
      const read = schema.safeParse(body);
      if (read.success) return run(lab, read.data);
      const issue = read.error.issues[0];
      throw new BadRequest(400, `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not understood'}`, expected);
    },
  };
}

const operations: Readonly<Record<string, Operation>> = {
  '/state': { method: 'GET', expected: 'GET /state', run: (lab) => lab.state() },
  '/fault': operation(z.strictObject({ ids: z.array(z.enum(faultIds)) }), `{"ids":[…]} with none or some of: ${list(faultIds)}`, async (lab, { ids }) => {
    await lab.setFaults(ids);
    return lab.state();
  }),
  '/rollover': operation(z.strictObject({ phase: z.enum(rolloverPhases) }), `{"phase":"…"} with one of: ${list(rolloverPhases)}`, async (lab, { phase }) => {
    await lab.rollover(phase);
    return lab.state();
  }),
  '/repair': operation(
    z.strictObject({ step: z.string().refine((name) => repairStepNamed(name) !== null, { error: (issue) => `unknown step "${String(issue.input)}"` }) }),
    `{"step":"…"} with one of: ${list(repairSteps)}`,
    (lab, { step }) => lab.repair(step),
  ),
  '/clock': operation(
    z.strictObject({ host: z.enum(['sts', 'crm']), offsetSeconds: z.number().min(-1e9).max(1e9) }),
    '{"host":"sts|crm","offsetSeconds":600}',
    (lab, { host, offsetSeconds }) => {
      lab.setClock(host, offsetSeconds);
      return lab.state();
    },
  ),
  '/face': operation(z.strictObject({ face: z.enum(refusalFaces) }), `{"face":"…"} with one of: ${list(refusalFaces)}`, (lab, { face }) => {
    lab.setFace(face);
    return lab.state();
  }),
};

async function readJson(request: IncomingMessage, expected: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBody) throw new BadRequest(413, `the body is larger than ${largestBody} bytes`, expected);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new BadRequest(400, 'the body is not JSON', expected);
  }
}

/** A web page, or a name that was rebound to 127.0.0.1, must not drive the lab. */
function requireLoopback({ headers }: IncomingMessage): void {
  const originHost = headers.origin === undefined ? null : headers.origin.replace(/^https?:\/\//, '');
  if (!loopback.test(headers.host ?? '') || (originHost !== null && !loopback.test(originHost)))
    throw new BadRequest(403, 'the request is not for, or not from, the loopback host', 'Host and Origin 127.0.0.1 or localhost');
}

async function answer(lab: Controlled, request: IncomingMessage): Promise<unknown> {
  requireLoopback(request);
  const path = (request.url ?? '/').split('?')[0] as string;
  const found = Object.hasOwn(operations, path) ? operations[path] : undefined;
  const known = Object.entries(operations).map(([name, { method }]) => `${method} ${name}`);
  if (!found) throw new BadRequest(404, `no such address: ${path}`, list(known));
  if (request.method !== found.method) throw new BadRequest(405, `${path} was asked with ${request.method}`, `${found.method} ${path}`);
  return found.run(lab, found.method === 'POST' ? await readJson(request, found.expected) : undefined);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Serves GET /state and POST /fault, /rollover, /repair, /clock, /face. Wrong requests get 400 (or 403, 404, 405, 413) with what was expected. */
export async function startControl(lab: Controlled, port = 0): Promise<Control> {
  const server = createServer((request, response) => {
    answer(lab, request).then(
      (body) => send(response, 200, body),
      (error: Error) =>
        error instanceof BadRequest
          ? send(response, error.status, { error: error.message, expected: error.expected })
          : send(response, 500, { error: error.message, expected: 'a lab that can do this' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
