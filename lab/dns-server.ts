import { createSocket } from 'node:dgram';
import { AUTHORITATIVE_ANSWER, decode, encode, type Question, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet';

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

const formatError = 1;
const nameError = 3;
const secondsToLive = 0; // a fault must show in the very next question

type Zone = ReadonlyMap<string, string | readonly string[]>;
const addressesIn = (zone: Zone, name: string): readonly string[] => [zone.get(name) ?? []].flat();

/** The query of a message; null when it is not a well-formed one. */
function readQuery(message: Buffer): { readonly id: number; readonly flags: number; readonly question: Question } | null {
  try {
    const { id = 0, flags = 0, type, questions = [] } = decode(message);
    const [question] = questions;
    return type === 'query' && question && question.name !== '.' ? { id, flags: flags & RECURSION_DESIRED, question } : null;
  } catch {
    return null;
  }
}

const authoritative = AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE;

/** The name is repeated as it was asked, capitals too: some resolvers look for that. */
function answer({ id, flags, question }: NonNullable<ReturnType<typeof readQuery>>, zone: Zone): Buffer {
  const addresses = addressesIn(zone, question.name.toLowerCase());
  const asked = (question.class ?? 'IN') === 'IN' && ['A', 'ANY'].includes(question.type);
  return encode({
    type: 'response',
    id,
    flags: authoritative | flags | (addresses.length === 0 ? nameError : 0),
    questions: [question],
    answers: asked ? addresses.map((data) => ({ type: 'A', name: question.name, ttl: secondsToLive, data })) : [],
  });
}

const notUnderstood = (message: Buffer): Buffer => encode({ type: 'response', id: message.readUInt16BE(0), flags: authoritative | formatError });

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
    const query = readQuery(message);
    const name = query?.question.name.toLowerCase();
    if (name !== undefined) queries.set(name, (queries.get(name) ?? 0) + 1);
    socket.send(query ? answer(query, records) : notUnderstood(message), sender.port, sender.address);
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
