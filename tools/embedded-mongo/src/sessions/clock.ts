import { Timestamp } from '../bson/index.ts';

/** A point of cluster time: seconds since the epoch and a counter within them. */
export interface ClusterTime {
  readonly seconds: number;
  readonly counter: number;
}

/** The logical clock that stamps changes and that replies carry as operationTime and $clusterTime. */
export interface ClusterClock {
  now(): Timestamp;
  /** Moves on. */
  tick(): Timestamp;
  /** Moves on, at a known wall time in milliseconds; cheaper than `tick` where no Timestamp is needed. */
  advance(wallMs: number): ClusterTime;
  /** Makes sure that everything from now on is later than the given time. */
  passBy(time: ClusterTime): void;
}

export const compareTimes = (a: ClusterTime, b: ClusterTime): number =>
  a.seconds === b.seconds ? a.counter - b.counter : a.seconds - b.seconds;

export const timestampOf = ({ seconds, counter }: ClusterTime): Timestamp => new Timestamp({ t: seconds, i: counter });

export function createClusterClock(wallClock: () => number = Date.now): ClusterClock {
  let seconds = Math.floor(wallClock() / 1000);
  let counter = 1;
  let current: Timestamp | null = null;

  function advance(wallMs: number): ClusterTime {
    const wall = Math.floor(wallMs / 1000);
    if (wall > seconds) {
      seconds = wall;
      counter = 1;
    } else {
      counter += 1;
    }
    current = null;
    return { seconds, counter };
  }

  const now = (): Timestamp => (current ??= timestampOf({ seconds, counter }));
  return {
    now,
    tick() {
      advance(wallClock());
      return now();
    },
    advance,
    passBy(time) {
      if (compareTimes({ seconds, counter }, time) >= 0) return;
      ({ seconds, counter } = time);
      current = null;
    },
  };
}
