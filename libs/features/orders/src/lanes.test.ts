import { describe, expect, it, vi } from 'vitest';
import { createLanes } from './lanes.ts';

describe('lanes', () => {
  it('let one in at a time, in the order of coming', async () => {
    const lanes = createLanes();
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} in`);
      await Promise.resolve();
      seen.push(`${name} out`);
      return name;
    };
    const results = ['a', 'b', 'c'].map((name) => lanes.run(['x'], work(name)));
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(lanes.size()).toBe(0);
  });

  it('do not hold up what wants other things, and never lock each other out', async () => {
    const lanes = createLanes();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const blocked = lanes.run(['x', 'y'], () => gate);
    expect(await lanes.run(['z'], async () => 'free')).toBe('free');
    const crossing = [lanes.run(['y', 'x'], async () => 1), lanes.run(['x', 'y', 'x'], async () => 2)];
    open();
    await blocked;
    expect(await Promise.all(crossing)).toEqual([1, 2]);
    expect(lanes.size()).toBe(0);
  });

  it('are no reason to wait for ever', async () => {
    vi.useFakeTimers();
    try {
      const lanes = createLanes({ patienceMs: 10_000 });
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const slow = lanes.run(['x'], () => gate);
      let ran = false;
      const second = lanes.run(['x'], async () => {
        ran = true;
      });
      await vi.advanceTimersByTimeAsync(9_999);
      expect(ran).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await second;
      open();
      await slow;
      expect([ran, lanes.size(), vi.getTimerCount()]).toEqual([true, 0, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are left when the work fails', async () => {
    const lanes = createLanes();
    await expect(lanes.run(['x'], () => Promise.reject(new Error('no')))).rejects.toThrowError('no');
    expect(await lanes.run(['x'], async () => 'next')).toBe('next');
    expect(lanes.size()).toBe(0);
  });
});
