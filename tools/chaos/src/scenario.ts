import type { Cluster, ClusterOptions } from './cluster.ts';
import { checkInvariants, type CheckOptions, type Verdict } from './invariants.ts';
import { startLoad, type Load } from './load.ts';
import { settle } from './quiet.ts';
import type { Random } from './random.ts';

/** How long things go on: `short` for the tests of every change, `long` for runs by hand. */
export type Form = 'short' | 'long';

export interface ScenarioRun {
  readonly cluster: Cluster;
  readonly random: Random;
  readonly form: Form;
  /** Seconds that an outage lasts in this form. */
  readonly outageSeconds: number;
  readonly say: (line: string) => void;
}

export interface Scenario {
  /** One sentence: what is done to the shop, and what must hold. */
  readonly title: string;
  readonly cluster?: Partial<ClusterOptions>;
  run(given: ScenarioRun): Promise<Verdict>;
}

/** The promise: all effects within a minute after the last fault. */
export const EFFECTS_WITHIN_MS = 60_000;
/** Looking and the last job under way take a moment, too. */
const GRACE_MS = 5_000;

/** What a worker sends at once: so many it may have sent without having noted it, when it dies or stands still. */
export const MAILS_AT_ONCE = 5;

/** What faults come to: what the checks have to allow for, and what was seen on the way. */
export interface Aftermath extends Partial<CheckOptions> {
  readonly problems?: readonly string[];
  /** Looked at when the shop has come to rest. */
  after?(): Promise<readonly string[]>;
}

/** Has people buy while `faults` happen, waits until the shop rests, and compares what is with what must be. */
export async function underLoad(
  { cluster, random, form, outageSeconds, say }: ScenarioRun,
  faults: (load: Load) => Promise<Aftermath>,
  size: { buyers: number; each: number } = form === 'short' ? { buyers: 8, each: 3 } : { buyers: 16, each: 6 },
): Promise<Verdict> {
  const load = await startLoad({
    ...{ cluster, random: random.fork('load'), outageMs: outageSeconds * 1_000 },
    ...size,
  });
  try {
    const { problems = [], after, ...options } = await faults(load);
    await load.done;
    const { tookMs, left } = await settle(cluster, EFFECTS_WITHIN_MS + GRACE_MS, options.openEvents);
    say(`at rest ${(tookMs / 1_000).toFixed(1)} s after the last purchase`);
    const verdict = await checkInvariants(cluster, { buyers: load.buyers, ...options });
    return {
      violations: [
        ...problems,
        ...load.problems.map((problem) => `buyers: ${problem}`),
        ...left.map((what) => `not at rest after ${EFFECTS_WITHIN_MS / 1_000} s: ${what}`),
        ...verdict.violations,
        ...((await after?.()) ?? []),
      ],
      figures: { ...verdict.figures, restMs: Math.round(tookMs) },
    };
  } finally {
    await load.close();
  }
}

/** Waits for a promise of the load to end while something is repeated: ends with it. */
export async function until(done: Promise<unknown>, step: () => Promise<void>): Promise<void> {
  let over = false;
  void done.finally(() => (over = true));
  while (!over) await step();
}
