import { createSocket } from 'node:dgram';

/** A tiny DNS server on loopback; the lab's names resolve nowhere else. */
export interface DnsServer {
  readonly port: number;
  /** IPv4 address or addresses per host name (lower case, no trailing dot). Changes take effect at once; a missing name is NXDOMAIN. */
  readonly zone: Map<string, string | readonly string[]>;
  /** How often each name was asked for. */
  readonly queries: Map<string, number>;
  /** Name resolution for the lab's own outgoing requests, from the same zone; a missing name fails with ENOTFOUND, as with any resolver. */
  readonly lookup: (host: string) => Promise<string>;
  close(): Promise<void>;
}

const typeA = 1;
const typeAny = 255;
const classIn = 1;
const noError = 0;
const formatError = 1;
const nameError = 3;
const secondsToLive = 0; // a fault must show in the very next question

interface Question {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** The question section as received, copied into the answer. */
  readonly bytes: Buffer;
}

/** Reads the first question of a query (RFC 1035 §4.1.2); null when the message is not a well-formed query. */
function readQuestion(message: Buffer): Question | null {
  if (message.length < 17 || (message.readUInt16BE(2) & 0x8000) !== 0 || message.readUInt16BE(4) < 1) return null;
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return null; // compression has no place in a first question
    at += 1;
    if (length === 0) break;
    if (at + length > message.length) return null;
    labels.push(message.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length) return null;
  return { name: labels.join('.'), type: message.readUInt16BE(at), class: message.readUInt16BE(at + 2), bytes: message.subarray(12, at + 4) };
}

type Zone = ReadonlyMap<string, string | readonly string[]>;
const addressesIn = (zone: Zone, name: string): readonly string[] => [zone.get(name) ?? []].flat();

function header(query: Buffer, code: number, questions: number, answers: number): Buffer {
  const result = Buffer.alloc(12);
  query.copy(result, 0, 0, 2);
  const recursionDesired = query.readUInt16BE(2) & 0x0100;
  result.writeUInt16BE(0x8480 | recursionDesired | code, 2); // answer, authoritative, recursion available
  result.writeUInt16BE(questions, 4);
  result.writeUInt16BE(answers, 6);
  return result;
}

function answer(query: Buffer, question: Question, zone: Zone): Buffer {
  const addresses = addressesIn(zone, question.name);
  if (addresses.length === 0) return Buffer.concat([header(query, nameError, 1, 0), question.bytes]);
  if (question.class !== classIn || (question.type !== typeA && question.type !== typeAny))
    return Buffer.concat([header(query, noError, 1, 0), question.bytes]);
  return Buffer.concat([header(query, noError, 1, addresses.length), question.bytes, ...addresses.map(addressRecord)]);
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc00c, 0); // pointer to the name in the question
  record.writeUInt16BE(typeA, 2);
  record.writeUInt16BE(classIn, 4);
  record.writeUInt32BE(secondsToLive, 6);
  record.writeUInt16BE(4, 10);
  address.split('.').forEach((part, index) => record.writeUInt8(Number(part), 12 + index));
  return record;
}

function lookupIn(zone: Zone): (host: string) => Promise<string> {
  return async (host) => {
    const [address] = addressesIn(zone, host.toLowerCase());
    if (address !== undefined) return address;
    const error: NodeJS.ErrnoException = new Error(`getaddrinfo ENOTFOUND ${host}`);
    error.code = 'ENOTFOUND';
    throw error;
  };
}

/**
 * Starts a UDP DNS server on 127.0.0.1. A records come from `zone`; a name that is not there is answered NXDOMAIN, other record types of a
 * known name with an empty NOERROR.
 */
export async function startDnsServer(zone: Iterable<readonly [string, string]>, port = 0): Promise<DnsServer> {
  const records = new Map<string, string | readonly string[]>(zone);
  const queries = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (message, sender) => {
    if (message.length < 12) return;
    const question = readQuestion(message);
    if (question) queries.set(question.name, (queries.get(question.name) ?? 0) + 1);
    socket.send(question ? answer(message, question, records) : header(message, formatError, 0, 0), sender.port, sender.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', () => undefined); // an ICMP "port unreachable" of a client that went away
  return {
    port: socket.address().port,
    zone: records,
    queries,
    lookup: lookupIn(records),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
