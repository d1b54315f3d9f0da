/** Comparisons as `compare` makes them, of the sample deployment. */
import type { Comparison } from '../../contracts/comparison';
import { compare } from '../../diagnosis/compare';
import { clocks, newSigning, oldSigning, refused, sample, stsMetadata } from '../../diagnosis/testing/sample-evidence';
import { side, timed } from '../../diagnosis/testing/sample-sides';

const options = { id: '20260302T100000Z-cafe', at: '2026-03-02T10:00:00.000Z', tool: '1.0.0', change: 'rollover-march' };
const rolled = { stsMetadata: stsMetadata(newSigning, oldSigning) };
const before = (): ReturnType<typeof side> =>
  side('before', [sample('internal', { stsMetadata: stsMetadata(oldSigning) }), sample('ifd', { stsMetadata: stsMetadata(oldSigning) })]);

export const sameComparison = (): Comparison => compare(before(), before(), { ...options, change: null, expect: ['dns'] });

export const intendedComparison = (): Comparison =>
  compare(before(), side(null, [sample('internal', rolled), sample('ifd', rolled)]), { ...options, expect: ['signing-certificate', 'tls-certificate'] });

/** IFD was forgotten, and a clock moved besides. */
export const regressionComparison = (): Comparison =>
  compare(
    before(),
    side(null, [
      sample('internal', { ...rolled, clocks: clocks(240_000, 'internal') }),
      refused('ifd', rolled, 'error-page', 'ID4175: The issuer of the security token was not recognized.'),
    ]),
    { ...options, expect: ['signing-certificate'] },
  );

const slowerComparison = (): Comparison => {
  const ms = [510, 498, 530, 505, 520, 499, 515, 540, 503, 511];
  return compare(
    timed('before', ms),
    timed(
      'after',
      ms.map((one) => one * 2),
    ),
    { ...options, change: null, expect: [] },
  );
};

export const sampleComparisons: Readonly<Record<string, () => Comparison>> = {
  same: sameComparison,
  intended: intendedComparison,
  regression: regressionComparison,
  slower: slowerComparison,
};
