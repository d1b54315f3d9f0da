/** Little servers on loopback for tests. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestIdentity } from './test-certificates';

export interface TestServer {
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** HTTPS with this certificate; `chain` are further certificates it sends. */
export function httpsServer({ key, cert }: TestIdentity, handler: http.RequestListener, chain: readonly string[] = []): Promise<TestServer> {
  return listening(https.createServer({ key, cert: [cert, ...chain].join('\n') }, handler));
}

export function httpServer(handler: http.RequestListener): Promise<TestServer> {
  return listening(http.createServer(handler));
}

async function listening(server: http.Server | https.Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => accepted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

/** A port nothing listens on (closed a moment ago). */
export async function closedPort(): Promise<number> {
  const server = await httpServer(() => undefined);
  await server.close();
  return server.port;
}

const signature = Buffer.from('NTLMSSP\0');

/**
 * A page behind NTLM, whatever the password: enough to see whether the three messages pass on one connection. The user name that came is the page.
 */
export function ntlmHandler(): http.RequestListener {
  const signedIn = new WeakMap<object, string>();
  return (request, response) => {
    const user = signedIn.get(request.socket);
    const message = Buffer.from(/^NTLM (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '', 'base64');
    const type = message.length > 12 && message.subarray(0, 8).equals(signature) ? message.readUInt32LE(8) : 0;
    if (type === 3) {
      const [length, offset] = [message.readUInt16LE(36), message.readUInt32LE(40)];
      const name = message.subarray(offset, offset + length).toString('utf16le');
      signedIn.set(request.socket, name);
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<title>signed in as ${name}</title>`);
    } else if (type === 1) response.writeHead(401, { 'WWW-Authenticate': `NTLM ${challenge().toString('base64')}`, 'Content-Length': 0 }).end();
    else if (user) response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<title>signed in as ${user}</title>`);
    else response.writeHead(401, { 'WWW-Authenticate': 'NTLM', 'Content-Length': 0 }).end();
  };
}

/** NTLM's second message: Unicode, target information with an empty list, any challenge. */
function challenge(): Buffer {
  const target = Buffer.from('TEST', 'utf16le');
  const information = Buffer.concat([Buffer.from([2, 0, target.length, 0]), target, Buffer.from([0, 0, 0, 0])]);
  const head = Buffer.alloc(48);
  signature.copy(head);
  head.writeUInt32LE(2, 8);
  for (const [at, part, offset] of [
    [12, target, 48],
    [40, information, 48 + target.length],
  ] as const) {
    head.writeUInt16LE(part.length, at);
    head.writeUInt16LE(part.length, at + 2);
    head.writeUInt32LE(offset, at + 4);
  }
  head.writeUInt32LE(0x00828205, 20); // Unicode, request target, NTLM, always sign, target information, extended session security
  Buffer.from('0123456789abcdef', 'hex').copy(head, 24);
  return Buffer.concat([head, target, information]);
}
