import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atMostEvery } from './at-most-every.ts';

describe('atMostEvery', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs at once, and once more for all that is asked for meanwhile', async () => {
    const run = vi.fn(async () => {});
    const ask = atMostEvery(2_000, run);
    for (let count = 0; count < 5; count += 1) ask();
    expect(run).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(run).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(run).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(run).toHaveBeenCalledTimes(2);
    ask();
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('does not begin anew while it runs, and does so after a failure', async () => {
    const ends: (() => void)[] = [];
    const run = vi.fn(() => new Promise<void>((_resolve, reject) => ends.push(() => reject(new Error('offline')))));
    const ask = atMostEvery(2_000, run);
    ask();
    ask();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(run).toHaveBeenCalledTimes(1);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toHaveBeenCalledTimes(2);
  });
});
