import type { LabParts, SecondMachine } from './lab-types';

/** Every address of 127.0.0.0/8 is this machine's own on Linux and Windows. */
export const firstAddress = '127.0.0.1';
export const secondAddress = '127.0.0.2';

/** Puts a machine in front: DNS gives its address first, then AD FS's own. What stood there before is switched off. */
export async function takeSecondAddress(lab: LabParts, start: () => Promise<SecondMachine>): Promise<void> {
  await leaveSecondAddress(lab);
  lab.secondMachine = await start();
  lab.dns.zone.set(lab.healthy.stsHost, [secondAddress, firstAddress]);
}

/** Back to one machine and one address. */
export async function leaveSecondAddress(lab: LabParts): Promise<void> {
  const machine = lab.secondMachine;
  lab.secondMachine = null;
  if (lab.dns.zone.has(lab.healthy.stsHost)) lab.dns.zone.set(lab.healthy.stsHost, firstAddress);
  await machine?.close();
}
