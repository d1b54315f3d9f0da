import type { RunnerRecord } from '../../contracts/monitoring';
import { toolVersion } from '../../runs/tool-version';
import { claimSlots, handBack, renewClaims } from '../store/lifecycle/claim';
import { finishSlot } from '../store/lifecycle/finish';
import { forgetRunner, noteRunner } from '../store/lifecycle/heartbeat';
import type { OpenStore } from '../store/open-store';
import type { JobSource } from './worker-pool';

/** How long a claim is good without being renewed, and how often it is. */
export interface Lease {
  readonly leaseMs: number;
  readonly renewEveryMs: number;
}

/** A process that stood still for half a minute has lost its work to another. */
export const usualLease: Lease = { leaseMs: 30_000, renewEveryMs: 10_000 };

export interface Member {
  readonly name: string;
  readonly kind: RunnerRecord['kind'];
  readonly location: string;
}

/** Work straight from the store, for the workers within `watch` and for agents beside the database. */
export function storeSource(store: OpenStore, { name, kind, location }: Member, { leaseMs }: Lease = usualLease): JobSource {
  const { db, queue } = store;
  return {
    claim: async (count) => {
      const claims = await claimSlots(db, queue, { location, runner: name, leaseMs }, count);
      for (const { slotId } of claims) store.changed(slotId, 'running');
      return claims;
    },
    renew: async (claims, status) => {
      await noteRunner(db, { name, kind, location, tool: toolVersion, ...status });
      return renewClaims(db, claims, { location, leaseMs });
    },
    finish: async (claim, outcomes) => {
      const verdict = await finishSlot(db, queue, claim, outcomes);
      if (verdict !== null) store.changed(claim.slotId, verdict);
      return verdict;
    },
    handBack: async (claim, why) => {
      if (await handBack(db, queue, claim, why)) store.changed(claim.slotId, 'planned');
    },
    leave: () => forgetRunner(db, name),
  };
}
