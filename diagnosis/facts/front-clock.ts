import type { NodeFacts, RouteEvidence } from '../../contracts/evidence';
import { harmlessSkewMs, toleratedSkewMs } from './clocks';
import { stsNodes } from './farm-nodes';
import { duration } from './wording';

type ClockEvidence = Pick<RouteEvidence, 'nodes' | 'clocks' | 'stsMetadata'>;

/** The clock of the machine that answers 5xx under the STS's name, beside clocks that do not depend on it. */
export type StrangersClock =
  | { readonly state: 'unread'; readonly why: string }
  | { readonly state: 'agrees'; readonly why: string }
  | {
      readonly state: 'off';
      /** true = read beside AD FS itself, which serves its metadata at another address; false = beside CRM's clock and this machine's. */
      readonly besideAdfs: boolean;
      readonly says: string;
      readonly refs: readonly string[];
    };

/**
 * By Date headers: of the addresses of the name where they were asked one by one, else of the failing answer beside CRM's and this machine's own.
 * http.sys writes the Date of the machine it runs on; a proxy that answers 5xx itself answers with its own.
 */
export function strangersClock(evidence: ClockEvidence): StrangersClock {
  const { read, silent } = stsNodes(evidence);
  const failing = silent.filter(({ status, date }) => status !== null && status >= 500 && date !== null);
  const well = read.filter(({ date }) => date !== null);
  if (failing.length > 0 && well.length > 0) return besideAdfs(failing, well);
  return besideOthers(evidence);
}

function besideAdfs(failing: readonly NodeFacts[], well: readonly NodeFacts[]): StrangersClock {
  const pairs = failing.flatMap((front) =>
    well.map((node) => ({ front, node, skewMs: at(front) - at(node), roomMs: (front.durationMs ?? 0) + (node.durationMs ?? 0) + secondMs })),
  );
  // A farm whose own nodes disagree about the time shows nothing about a machine before it: every one must differ.
  const off = failing
    .map((front) => pairs.filter((pair) => pair.front === front))
    .find((ofFront) => ofFront.every(({ skewMs, roomMs }) => Math.abs(skewMs) - roomMs > toleratedSkewMs));
  const nearest = (off ?? pairs).reduce((a, b) => (Math.abs(b.skewMs) < Math.abs(a.skewMs) ? b : a));
  const { front, node, skewMs } = nearest;
  const said = `the clock of ${front.address} (HTTP ${front.status}) is ${aheadOrBehind(skewMs)} that of ${node.address}, ` + "which serves AD FS's metadata";
  return off
    ? { state: 'off', besideAdfs: true, says: `Under the same name ${said} (Date headers).`, refs: ['metadata:sts'] }
    : { state: 'agrees', why: `By the Date headers ${said}: less than the five minutes that are tolerated.` };
}

function besideOthers({ clocks, stsMetadata }: ClockEvidence): StrangersClock {
  const dates = clocks.filter(({ source }) => source === 'Date');
  const front = dates.find(({ role }) => role === 'sts');
  const crm = dates.find(({ role }) => role === 'crm');
  if (!front) return { state: 'unread', why: "The answers under the STS's name carried no time." };
  const roomMs = front.uncertaintyMs + (crm?.uncertaintyMs ?? 0);
  if (Math.abs(front.offsetMs) + roomMs <= toleratedSkewMs)
    return { state: 'agrees', why: `The machine that answers as ${front.host} tells the time of this machine (±${duration(roomMs)}).` };
  if (!crm) return { state: 'unread', why: "CRM's clock was not read; whether the STS's or this machine's is wrong was not seen." };
  if (Math.abs(crm.offsetMs) > harmlessSkewMs + crm.uncertaintyMs)
    return { state: 'unread', why: "CRM's clock and this machine's differ; which of all clocks is wrong was not seen." };
  if (stsMetadata?.ok) return { state: 'unread', why: 'The metadata is served under that name; which machine the clock belongs to was not seen.' };
  if (Math.abs(front.offsetMs - crm.offsetMs) - roomMs <= toleratedSkewMs)
    return { state: 'agrees', why: `The clocks of ${front.host} and ${crm.host} differ by no more than the five minutes that are tolerated.` };
  return {
    state: 'off',
    besideAdfs: false,
    says:
      `The clock of the machine that answers as ${front.host} is ${aheadOrBehind(front.offsetMs - crm.offsetMs)} CRM's (${crm.host}), ` +
      "which agrees with this machine's (Date headers).",
    refs: [`clock:${front.host}`, `clock:${crm.host}`],
  };
}

const secondMs = 1000;
const at = ({ date }: NodeFacts): number => new Date(date ?? NaN).getTime();
const aheadOrBehind = (skewMs: number): string =>
  Math.abs(skewMs) < secondMs ? 'in step with' : skewMs < 0 ? `${duration(skewMs)} behind` : `${duration(skewMs)} ahead of`;
