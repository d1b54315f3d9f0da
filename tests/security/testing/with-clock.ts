/** The wall clock of this process, its store included, is so far off while `work` goes on. */
export async function withClock(work: (set: (offsetMs: number) => void) => Promise<void>): Promise<void> {
  const Real = globalThis.Date;
  let offset = 0;
  class Shifted extends Real {
    constructor(...given: ConstructorParameters<typeof Date> | []) {
      if (given.length === 0) super(Real.now() + offset);
      else super(...given);
    }
    static override now(): number {
      return Real.now() + offset;
    }
  }
  globalThis.Date = Shifted as DateConstructor;
  try {
    await work((to) => (offset = to));
  } finally {
    globalThis.Date = Real;
  }
}
