export type FixedClock = (() => Date) & {
  /** Moves the clock on. */
  advance(milliseconds: number): void;
  set(time: Date | string): void;
};

/** A clock that stands still until it is moved. */
export const fixedClock = (start: Date | string = '2026-01-15T12:00:00.000Z'): FixedClock => {
  let now = new Date(start).getTime();
  return Object.assign(() => new Date(now), {
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
    set: (time: Date | string) => {
      now = new Date(time).getTime();
    },
  });
};
