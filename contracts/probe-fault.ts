/** The probe itself cannot work: no browser, no secret, a folder it may not write. One clear sentence, exit 3, no stack trace. */
export class ProbeFault extends Error {
  override readonly name = 'ProbeFault';
}
