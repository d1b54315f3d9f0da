import type { Metadata, NodeFacts } from '../contracts/evidence';
import type { Target } from '../contracts/target';
import type { Route, Verdict } from '../contracts/words';
import { captureClocks, captureNodes, captureSurroundings, type Surroundings } from '../probes/captures';
import { createLookup, type GetResult, httpsGet, type Lookup } from '../probes/network';
import { worstVerdict } from './exit-code';

interface CheckFinding {
  readonly about: 'dns' | 'tls' | 'sts' | 'crm' | 'wsdl' | 'clocks' | 'last-good' | 'nodes' | 'diagnostic';
  readonly level: 'ok' | 'warning' | 'broken';
  readonly text: string;
}

export interface CheckResult {
  readonly target: string;
  readonly route: Route;
  readonly verdict: Verdict;
  readonly findings: readonly CheckFinding[];
}

const dayMs = 86_400_000;
/** WIF's tolerance between the clocks of CRM and the STS (field guide §12). */
const toleratedSkewMs = 300_000;

/** Looks at names, TLS, metadata, WSDL and clocks of one target over one route. Submits no credential, opens no browser. */
export async function checkTarget(target: Target, { eachNode }: { readonly eachNode: boolean }): Promise<CheckResult> {
  const signal = AbortSignal.timeout(target.deadlineMs);
  const lookup = createLookup(target);
  const around = await captureSurroundings(target, lookup, signal).all;
  const findings = [
    ...names(around),
    ...tls(around, target),
    ...metadata('sts', around.stsMetadata),
    ...metadata('crm', around.crmMetadata),
    wsdl(around),
    ...clocks(around, target),
    ...lastGood(around),
    ...(await diagnosticTrust(target, lookup)),
    ...(eachNode ? nodes(await captureNodes(target, lookup, signal)) : []),
  ];
  const verdict = worstVerdict(findings.map(({ level }): Verdict => (level === 'ok' ? 'healthy' : level === 'warning' ? 'at-risk' : 'broken')));
  return { target: target.name, route: target.route, verdict, findings };
}

function names({ dns }: Surroundings): CheckFinding[] {
  return dns.map(({ host, addresses, error, source }) =>
    error === null
      ? { about: 'dns', level: 'ok', text: `${host} → ${addresses.join(', ')} (${source})` }
      : { about: 'dns', level: 'broken', text: `${host} does not resolve (${error}, ${source}): add the record or correct the name` },
  );
}

function tls({ tls }: Surroundings, { warnDays }: Target): CheckFinding[] {
  return tls.map(({ host, port, trusted, error, protocol, chain }) => {
    const leaf = chain[0];
    const where = `${host}:${port}`;
    if (leaf === undefined) return { about: 'tls', level: 'broken', text: `${where} does not answer (${error})` };
    if (!trusted)
      return {
        about: 'tls',
        level: 'broken',
        text: `${where} is not trusted (${error})${leaf ? `; certificate ${leaf.subject}, issued by ${leaf.issuer}, until ${leaf.notAfter}` : ''}`,
      };
    const daysLeft = leaf ? Math.floor((Date.parse(leaf.notAfter) - Date.now()) / dayMs) : 0;
    return {
      about: 'tls',
      level: daysLeft < warnDays ? 'warning' : 'ok',
      text: `${where} ${protocol}, certificate until ${leaf?.notAfter.slice(0, 10)} (${daysLeft} days)`,
    };
  });
}

function metadata(about: 'sts' | 'crm', read: Metadata): CheckFinding[] {
  // CRM's metadata is a help, not a condition: other relying parties have none.
  if (!read.ok) return [{ about, level: about === 'sts' ? 'broken' : 'warning', text: `no metadata: ${read.why}` }];
  const signer = read.signature.signerSha1 ? `signed by ${read.signature.signerSha1}` : 'not signed';
  const good = read.signature.status === 'valid';
  const keys = read.keys.map(({ certificate, use }) => `${use} ${certificate.sha1.slice(0, 8)} until ${certificate.notAfter.slice(0, 10)}`).join(', ');
  return [{ about, level: good ? 'ok' : 'warning', text: `${read.entityId} ${signer} (signature ${read.signature.status}); ${keys}` }];
}

function wsdl({ wsdl: read }: Surroundings): CheckFinding {
  if (!read.ok) return { about: 'wsdl', level: 'warning', text: `CRM's service description: ${read.why}` };
  return {
    about: 'wsdl',
    level: 'ok',
    text: `CRM trusts the STS ${read.identifier ?? 'it does not name'} (${read.authentication ?? 'authentication not named'})`,
  };
}

function clocks({ dates }: Surroundings, target: Target): CheckFinding[] {
  const read = captureClocks({ target, exchanges: [], token: null, journeyStartedAt: 0, sampled: dates });
  const sts = read.find(({ role }) => role === 'sts');
  const crm = read.find(({ role }) => role === 'crm');
  if (!sts || !crm) return [];
  const skewMs = crm.offsetMs - sts.offsetMs;
  const level = Math.abs(skewMs) - sts.uncertaintyMs - crm.uncertaintyMs > toleratedSkewMs ? 'broken' : 'ok';
  return [
    {
      about: 'clocks',
      level,
      text: `CRM is ${Math.abs(Math.round(skewMs / 1000))} s ${skewMs < 0 ? 'behind' : 'ahead of'} the STS; up to 300 s are tolerated`,
    },
  ];
}

function lastGood({ lastGood: last, captureErrors }: Surroundings): CheckFinding[] {
  if (captureErrors.length > 0) return captureErrors.map(({ why }) => ({ about: 'last-good', level: 'warning', text: why }));
  return [
    {
      about: 'last-good',
      level: 'ok',
      text: last ? `last good sign-in ${last.savedAt}, primary ${last.stsPrimarySha1?.slice(0, 8) ?? 'unknown'}` : 'no good sign-in recorded yet',
    },
  ];
}

/** Whether the STS knows the diagnostic trust: it then asks for credentials (a form, or a Windows challenge) instead of showing an error. */
async function diagnosticTrust(target: Target, lookup: Lookup): Promise<CheckFinding[]> {
  if (!target.diagnosticTrust) return [];
  const realm = target.diagnosticTrust;
  const ask = (address: string, hops: number): Promise<GetResult> =>
    httpsGet(address, { lookup, caFile: target.caFile, timeoutMs: 8_000, maxBytes: 1_000_000 }).then((answer) => {
      const next = answer.ok && answer.headers.location ? new URL(answer.headers.location, address) : null;
      return next?.origin === target.stsOrigin && hops > 0 ? ask(next.href, hops - 1) : answer;
    });
  const answer = await ask(`${target.stsOrigin}/adfs/ls/?${new URLSearchParams({ wa: 'wsignin1.0', wtrealm: realm }).toString()}`, 3);
  if (!answer.ok) return [{ about: 'diagnostic', level: 'broken', text: `${realm}: ${answer.why}` }];
  const asks = answer.status === 401 || /type=["']?password/i.test(answer.body.toString('utf8'));
  if (asks) return [{ about: 'diagnostic', level: 'ok', text: `the STS knows ${realm} and asks for credentials` }];
  return [
    {
      about: 'diagnostic',
      level: 'broken',
      text: `the STS does not issue tokens for ${realm} (status ${answer.status}): make the trust, or correct diagnosticTrust`,
    },
  ];
}

/** Nodes of one farm must agree on who signs, under which name, and with which keys. */
function nodes(all: readonly NodeFacts[]): CheckFinding[] {
  if (all.length === 0) return [{ about: 'nodes', level: 'ok', text: 'no farm: one address per host (name further ones under nodes:)' }];
  return all.map((node) => {
    const where = `${node.role} node ${node.address} of ${node.host}`;
    if (node.why !== null) return { about: 'nodes', level: 'broken', text: `${where}: ${node.why}` };
    const others = all.filter(({ role, why }) => role === node.role && why === null);
    const differs = others.some(({ signerSha1, entityId }) => signerSha1 !== node.signerSha1 || entityId !== node.entityId);
    return {
      about: 'nodes',
      level: differs ? 'broken' : 'ok',
      text: `${where}: ${node.entityId}, signed by ${node.signerSha1 ?? 'nobody'}${differs ? '; the nodes disagree' : ''}`,
    };
  });
}
