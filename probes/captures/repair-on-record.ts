/**
 * The repair of KB 2686840 that an operator said was done, kept beside the configuration: it parts KB 2686840 from what looks the same and outlives its repair.
 */
import { join } from 'node:path';
import { type RepairOnRecord, repairOnRecordSchema } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import { readKept, writeKept, type ReadKept, type WriteKept } from './kept-state';

type Place = Pick<Target, 'configFolder' | 'name'>;

const what = 'The record of the last repair';

/** `<folder of the configuration>/.signin-probe/repairs/<target>.json` */
const repairFile = ({ configFolder, name }: Place): string => join(configFolder, '.signin-probe', 'repairs', `${name}.json`);

/** null = no repair on record. Never throws. */
export const readRepairOnRecord = (place: Place): Promise<ReadKept<RepairOnRecord>> =>
  readKept(repairFile(place), { schema: repairOnRecordSchema, what, advice: 'Delete it; the next repair writes it anew.' });

/** Replaces the record in one step. */
export const writeRepairOnRecord = (place: Place, repair: RepairOnRecord): Promise<WriteKept> =>
  writeKept(repairFile(place), repair, { what, without: 'the next run does not know of it.' });
