/**
 * A CONNECT proxy on loopback, one per browser context: the browser asks it for `sts.contoso.com:443`, it dials the address the configuration wants.
 * Names, SNI, cookies, Kerberos and NTLM stay right because TLS runs end to end through it; it sees ciphertext only.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import * as http from 'node:http';
import { type AddressInfo, connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { retrying } from '../../system/retry-policy';
import { isLoopbackHost, withoutBrackets } from './loopback';
import type { Lookup } from './lookup';

interface TunnelFailure {
  /** ENOTFOUND, EAI_AGAIN … from DNS, ECONNREFUSED, ETIMEDOUT … from connecting. */
  readonly code: string;
  readonly stage: 'dns' | 'connect';
  readonly why: string;
}

export interface ConnectProxy {
  /** For `newContext({ proxy: { server: url, username, password } })`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Why a host could not be reached, by host name: tells net::ERR_TUNNEL_CONNECTION_FAILED apart. A later success removes the entry. */
  readonly failures: ReadonlyMap<string, TunnelFailure>;
  /**
   * The request to this address that leaves next gets a new connection of its own: what is open to its host and port is closed, and until the returned function
   * is called there is one connection. Others wait; when the one has ended they are refused, for whoever asks then sends the same request again.
   */
  alone(url: string): () => void;
  /** Stops listening and destroys every connection. */
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const otherFamilyAfterMs = 1_000;
const username = 'signin-probe';

/**
 * Listens on 127.0.0.1 with a random password, so that no other program of this machine can use it. Any host may be asked for: the browser decides where it
 * goes. `plainHttp`: also by http to other hosts than this one, as a browser does without a proxy. Throws only when no port can be opened.
 */
export async function startConnectProxy(lookup: Lookup, { plainHttp = false } = {}): Promise<ConnectProxy> {
  const password = randomBytes(24).toString('base64url');
  const expected = Buffer.from(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  const failures = new Map<string, TunnelFailure>();
  const sockets = new Set<Duplex>();
  const tunnels = new Map<string, Set<Socket>>();
  let alone: Alone | null = null;
  const keep = <T extends Duplex>(socket: T): T => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A browser that goes away resets its tunnels: expected, and not this program's fault.
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const allowed = (request: http.IncomingMessage): boolean => {
    const given = Buffer.from(request.headers['proxy-authorization'] ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  };

  const server = http.createServer((request, response) => {
    if (!allowed(request)) response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="signin-probe"' }).end();
    else void forward(request, response, lookup, plainHttp);
  });
  server.on('connection', keep);
  server.on('connect', (request: http.IncomingMessage, client: Socket, head: Buffer) => {
    if (!allowed(request))
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="signin-probe"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      );
    void tunnel(request.url ?? '', client, head);
  });

  async function tunnel(authority: string, client: Socket, head: Buffer): Promise<void> {
    const [, name, port] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(authority) ?? [];
    if (name === undefined || port === undefined) return void client.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const host = withoutBrackets(name).toLowerCase();
    const place = `${host}:${port}`;
    if (alone?.place === place && !(await alone.mayOpen(client))) {
      failures.set(host, { code: 'ECONNRESET', stage: 'connect', why: `${place} ended the connection with the password on it; it gets no second one.` });
      return void client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    }
    const ruling = alone;
    const reached = await reach(host, Number(port), lookup);
    if ('code' in reached) {
      failures.set(host, reached);
      // 502 makes net::ERR_TUNNEL_CONNECTION_FAILED at once; the reason is in `failures`.
      return void client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    }
    failures.delete(host);
    const upstream = keep(reached.socket);
    // Begun before a request was to be alone: the browser would take it for that request, and for one it may send again.
    if (alone !== ruling && alone?.place === place) client.destroy();
    if (client.destroyed) return void upstream.destroy();
    const open = tunnels.get(place) ?? new Set();
    tunnels.set(place, open.add(client));
    client.on('close', () => open.delete(client));
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) upstream.write(head);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.pipe(client).pipe(upstream);
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    username,
    password,
    failures,
    alone: (url) => {
      const { hostname, port, protocol } = new URL(url);
      const place = `${withoutBrackets(hostname).toLowerCase()}:${port || (protocol === 'https:' ? '443' : '80')}`;
      alone?.release();
      const mine = new Alone(place);
      alone = mine;
      tunnels.get(place)?.forEach((socket) => socket.destroy());
      return () => {
        mine.release();
        if (alone === mine) alone = null;
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

/** The one connection a host and port may have for now. */
class Alone {
  private state: 'free' | 'taken' | 'ended' | 'released' = 'free';
  private readonly waiting: ((may: boolean) => void)[] = [];

  constructor(readonly place: string) {}

  /** Whether this client may open a tunnel; later ones are told when the first has ended (no) or its request is answered (yes). */
  async mayOpen(client: Socket): Promise<boolean> {
    if (this.state === 'released') return true;
    if (this.state === 'ended') return false;
    if (this.state === 'taken') return new Promise((resolve) => this.waiting.push(resolve));
    this.state = 'taken';
    client.once('close', () => this.end('ended'));
    return true;
  }

  release(): void {
    this.end('released');
  }

  private end(how: 'ended' | 'released'): void {
    if (this.state === 'released') return;
    this.state = how;
    this.waiting.splice(0).forEach((tell) => tell(how === 'released'));
  }
}

async function reach(host: string, port: number, lookup: Lookup): Promise<{ readonly socket: Socket } | TunnelFailure> {
  const { addresses, error, source } = await lookup.lookup(host);
  if (addresses.length === 0) return { code: error ?? 'ENOTFOUND', stage: 'dns', why: `${host} has no address (${error}, asked ${source}).` };
  return retrying(
    () => dial(host, port, addresses),
    (result) => ('code' in result ? result.code : null),
  );
}

/** The addresses one after the other, as a browser does with a name that has several. */
async function dial(host: string, port: number, addresses: readonly string[]): Promise<{ readonly socket: Socket } | TunnelFailure> {
  let failure: TunnelFailure = { code: 'ENOTFOUND', stage: 'dns', why: `${host} has no address.` };
  for (const [index, address] of addresses.entries()) {
    // A browser tries the other kind of address when one does not answer; it does not wait for long.
    const another = addresses.slice(index + 1).some((each) => isIP(each) !== isIP(address));
    const result = await connectTo(address, port, another ? otherFamilyAfterMs : connectTimeoutMs);
    if (typeof result !== 'string') return { socket: result };
    failure = { code: result, stage: 'connect', why: `${host}:${port} at ${address} cannot be connected to (${result}).` };
  }
  return failure;
}

function connectTo(host: string, port: number, timeoutMs: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    socket.setTimeout(timeoutMs, () => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'EUNKNOWN'));
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** One upstream connection per browser connection: NTLM signs in a connection, not a request. */
const agents = new WeakMap<object, http.Agent>();

/** A request with a whole address, which browsers use for plain http: to this machine itself (targets may be http there only) and, where wanted, anywhere. */
async function forward(request: http.IncomingMessage, response: http.ServerResponse, lookup: Lookup, anywhere: boolean): Promise<void> {
  const { url: asked = '' } = request;
  const url = URL.canParse(asked) ? new URL(asked) : null;
  if (url?.protocol !== 'http:' || !(anywhere || isLoopbackHost(url.hostname)))
    return void response.writeHead(403, { 'Content-Type': 'text/plain' }).end('signin-probe: plain http goes to the loopback host only.');
  const { address } = await lookup.lookup(url.hostname);
  if (address === null) return void response.writeHead(502).end();
  let agent = agents.get(request.socket);
  if (!agent) {
    const own = new http.Agent({ keepAlive: true, maxSockets: 1 });
    agents.set(request.socket, (agent = own));
    request.socket.once('close', () => own.destroy());
  }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith('proxy-')));
  const upstream = http.request({ host: address, port: url.port || 80, method: request.method, path: url.pathname + url.search, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on('close', () => response.writableFinished || upstream.destroy());
  request.pipe(upstream);
}
