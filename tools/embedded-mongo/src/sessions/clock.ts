import { Timestamp } from '../bson/index.ts';

/** The logical clock that replies carry as operationTime and $clusterTime: seconds and a counter within them. */
export interface ClusterClock {
  now(): Timestamp;
  /** Moves on, for a commit. */
  tick(): Timestamp;
}

export function createClusterClock(wallClock: () => number = Date.now): ClusterClock {
  let seconds = Math.floor(wallClock() / 1000);
  let counter = 1;
  let current = new Timestamp({ t: seconds, i: counter });
  return {
    now: () => current,
    tick() {
      const wall = Math.floor(wallClock() / 1000);
      if (wall > seconds) {
        seconds = wall;
        counter = 1;
      } else {
        counter += 1;
      }
      current = new Timestamp({ t: seconds, i: counter });
      return current;
    },
  };
}
