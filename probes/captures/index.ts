/** The door of this folder: what other rooms may use of it. */
export { captureClocks } from './clocks';
export { captureCrmMetadata } from './metadata/crm-metadata';
export { findSts } from './metadata/find-sts';
export { readKept, writeKept } from './kept-state';
export { readLastGood } from './last-good';
export { captureNodes } from './nodes';
export { writeRepairOnRecord } from './repair-on-record';
export { captureStsMetadata } from './metadata/sts-metadata';
export { captureHost, captureSurroundings, hostAndPort, type HostCapture, type Surroundings } from './surroundings';
export { traceFile } from './trace-file';
export type { TraceRecordings } from './trace-recorder';
