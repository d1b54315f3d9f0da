/**
 * The format's current version. Another way of replacing accidental values is a new version too, or old baselines would differ from new runs. A new
 * version adds its step to `baselineUpgrades`; old baselines stay readable for good.
 */
const baselineVersion = 1;

/** From version N to N + 1, by N. */
export type Upgrades = Readonly<Record<number, (older: Record<string, unknown>) => Record<string, unknown>>>;

/** Version 1 is the first. */
const baselineUpgrades: Upgrades = {};

export type Upgraded = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly why: string };

/** Brings a saved baseline to the current version, one step after the other. `upgrades` and `current` are those of the format unless given. */
export function upgradedBaseline(data: unknown, upgrades: Upgrades = baselineUpgrades, current: number = baselineVersion): Upgraded {
  if (typeof data !== 'object' || data === null || (data as { kind?: unknown }).kind !== 'signin-probe baseline')
    return { ok: false, why: 'expected a baseline of signin-probe (kind: "signin-probe baseline"), found another document.' };
  let step = data as Record<string, unknown>;
  let { schema } = step;
  if (typeof schema !== 'number' || !Number.isInteger(schema) || schema < 0)
    return { ok: false, why: `expected a version number under schema, found ${JSON.stringify(schema)}.` };
  if (schema > current) return { ok: false, why: `the baseline has version ${schema}, this signin-probe reads up to ${current}. Use a newer signin-probe.` };
  while ((schema as number) < current) {
    const upgrade = upgrades[schema as number];
    if (!upgrade) return { ok: false, why: `the baseline has version ${String(schema)}, from which there is no way to ${current}. Save it anew.` };
    step = { ...upgrade(step), schema: (schema as number) + 1 };
    schema = step.schema;
  }
  return { ok: true, data: step };
}
