import type { Random } from '../random.ts';

/** What every form of the soak is given. */
export interface SoakOptions {
  readonly random: Random;
  readonly subscribers: number;
  readonly events: number;
  /** API instances. */
  readonly apis: number;
  /** Users whose orders change; the subscribers share them. */
  readonly users: number;
  /** Events per second. */
  readonly perSecond: number;
  readonly say: (line: string) => void;
}

/** What a soak came to. */
export interface SoakResult {
  /** What must never be, in words. */
  readonly violations: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}
