import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { hostname } from 'node:os';
import { z } from 'zod';
import { slotVerdictSchema } from '../../contracts/monitoring';
import { instantSchema, routeSchema } from '../../contracts/words';
import { trustingContext } from '../../probes/network';
import { ProbeFault } from '../../contracts/probe-fault';
import { toolVersion } from '../../runs/tool-version';
import type { JobSource } from '../slots/worker-pool';
import { tlsFault } from './tls-fault';

export interface HttpSourceOptions {
  /** Of the watch, e.g. https://signin-probe.contoso.com; plain http on loopback only. */
  readonly server: string;
  readonly token: string;
  readonly location: string;
  /** PEM file of a private CA that is trusted besides those of the system; null = only those. */
  readonly caFile: string | null;
}

/** What was answered but not with work: told to the operator, since it cannot get better by itself. */
export class AgentRefused extends ProbeFault {}

const claims = z.object({
  location: z.string(),
  claims: z.array(
    z.object({
      slotId: z.string(),
      claim: z.string(),
      target: z.string(),
      route: routeSchema,
      location: z.string(),
      slotAt: instantSchema,
      attempt: z.number().int(),
    }),
  ),
});

/**
 * Work from a `watch` over HTTPS. Calls throw while it cannot be reached, UntrustedServer (a ProbeFault) when it does not prove with its certificate that it is
 * the one that was named, before a byte of the token is sent, and AgentRefused when the token does not (any more) count.
 */
export function httpSource({ server, token, location, caFile }: HttpSourceOptions): JobSource {
  const base = serverAddress(server);
  const instance = `${hostname().replace(/[^\w.-]/g, '-')}:${process.pid}:${randomBytes(3).toString('hex')}`;
  const secure = base.protocol === 'https:';
  const agent = secure
    ? new https.Agent({ keepAlive: true, secureContext: trustingContext(caFile), rejectUnauthorized: true, minVersion: 'TLSv1.2' })
    : new http.Agent({ keepAlive: true });
  const post = <Answer>(path: string, body: object, answer: z.ZodType<Answer>, signal?: AbortSignal): Promise<Answer> =>
    call({ url: new URL(`/agents/v1/${path}`, base), token, agent, caFile, body: JSON.stringify({ instance, ...body }), signal }).then((text) =>
      answer.parse(JSON.parse(text)),
    );
  const nothing = z.object({});
  return {
    claim: async (count, signal) => {
      const given = await post('claim', { count }, claims, signal);
      if (given.location !== location)
        throw new AgentRefused(
          `The token belongs to the location ${given.location}, this agent was started for ${location}. ` +
            `Use the token of ${location}, or --location ${given.location}.`,
        );
      return given.claims;
    },
    renew: async (held, status) =>
      (
        await post(
          'renew',
          { tool: toolVersion, claims: held.map(({ slotId, claim }) => ({ slotId, claim })), ...status },
          z.object({ lost: z.array(z.string()) }),
        )
      ).lost,
    finish: async ({ slotId, claim }, outcomes) =>
      (await post('finish', { slotId, claim, outcomes }, z.object({ verdict: slotVerdictSchema.nullable() }))).verdict,
    handBack: async ({ slotId, claim }, why) => void (await post('hand-back', { slotId, claim, why }, nothing)),
    leave: async () => {
      await post('leave', {}, nothing).catch(() => undefined);
      agent.destroy();
    },
  };
}

function serverAddress(server: string): URL {
  if (URL.canParse(server)) {
    const url = new URL(server);
    if (url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))) return url;
  }
  // Without what may be a password in it.
  const found = URL.canParse(server) ? `${new URL(server).protocol}//${new URL(server).host}` : `"${server}"`;
  throw new ProbeFault(
    `--server: expected an https:// address such as https://signin-probe.contoso.com, found ${found}. ` +
      `Plain http would send the token in clear; it is for loopback only.`,
  );
}

interface Call {
  readonly url: URL;
  readonly token: string;
  readonly agent: http.Agent | https.Agent;
  readonly caFile: string | null;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
}

function call({ url, token, agent, caFile, body, signal }: Call): Promise<string> {
  return new Promise((resolve, reject) => {
    const options: https.RequestOptions = {
      method: 'POST',
      agent,
      timeout: 30_000,
      signal,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    };
    const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (response.statusCode === 200) resolve(text);
        else if (response.statusCode === 401) reject(new AgentRefused(`${url.host} refuses the token: it is not known there, or was revoked.`));
        else if (response.statusCode === 429)
          reject(new Error(`${url.host} has as many processes of this agent as it takes: stop some of them, or make this machine an agent of its own`));
        else reject(new Error(`${url.host} answered ${response.statusCode}`));
      });
    });
    request.once('timeout', () => request.destroy(new Error(`${url.host} did not answer within 30 s`)));
    request.once('error', (error) => reject(tlsFault(error, url, caFile) ?? error));
    request.end(body);
  });
}
