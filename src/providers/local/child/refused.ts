import type { JobEnd, Refusal } from '../protocol.ts';

/** Thrown where a job turns out to be impossible, far from where that is reported. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

/** Turns a refusal that was thrown into the job's last report; everything else flies on. */
export async function answeringRefusals(id: number, work: () => Promise<JobEnd>): Promise<JobEnd> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', id, refusal: error.refusal };
    throw error;
  }
}
