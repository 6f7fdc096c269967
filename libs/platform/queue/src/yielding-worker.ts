import { Worker } from 'bullmq';

/** Idle workers look for delayed jobs this often (s), and those that yield come later than that (ms). */
export const IDLE_POLL_SECONDS = 1;
const YIELD_MS = 1_500;
/** For how long a worker yields after it has put a job back. */
const YIELDING_FOR_MS = 120_000;

/**
 * A worker that can stand back. One that has put a job back because it didn't understand it knows to the millisecond when
 * the job is due, and would be the one to get it again each time, before the newer worker it is meant for. So it comes a
 * little late for delayed jobs from then on, while others look every second.
 */
export class YieldingWorker extends Worker {
  #yieldsUntil = 0;

  yieldToOthers(): void {
    this.#yieldsUntil = Date.now() + YIELDING_FOR_MS;
  }

  protected override getBlockTimeout(blockUntil: number): number {
    const late = blockUntil > 0 && Date.now() < this.#yieldsUntil ? YIELD_MS : 0;
    return super.getBlockTimeout(blockUntil + late);
  }
}
