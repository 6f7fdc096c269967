import { describe, expect, it, vi } from 'vitest';
import { cachedFor } from './cached.ts';

describe('cachedFor', () => {
  it('loads once for all who ask at once, and again when the time is over', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      let loads = 0;
      const read = cachedFor(500, async () => (loads += 1));
      expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
      vi.advanceTimersByTime(499);
      expect(await read()).toBe(1);
      vi.advanceTimersByTime(1);
      expect(await read()).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps no failure', async () => {
    const load = vi.fn(async () => 'good');
    load.mockRejectedValueOnce(new Error('away'));
    const read = cachedFor(500, load);
    await expect(read()).rejects.toThrow('away');
    expect(await read()).toBe('good');
  });
});
