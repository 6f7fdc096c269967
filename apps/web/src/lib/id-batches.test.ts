import { describe, expect, it } from 'vitest';
import { createIdBatches } from './id-batches.ts';

describe('id batches', () => {
  it('ask once for all ids of a moment, and anew for later ones', async () => {
    const calls: string[][] = [];
    const has = createIdBatches({ max: 3, find: async (ids) => (calls.push(ids), ids.filter((id) => id !== 'b')) });
    expect(await Promise.all([has('a'), has('b'), has('a')])).toEqual([true, false, true]);
    expect(await has('c')).toBe(true);
    expect(calls).toEqual([['a', 'b'], ['c']]);
    await Promise.all(['1', '2', '3', '4'].map(has));
    expect(calls.slice(2)).toEqual([['1', '2', '3'], ['4']]);
  });

  it('fail only what was asked for together', async () => {
    let fails = true;
    const has = createIdBatches({
      max: 10,
      find: async (ids) => {
        if (fails) throw new Error('away');
        return ids;
      },
    });
    expect(await Promise.allSettled([has('a'), has('b')])).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    fails = false;
    expect(await has('a')).toBe(true);
  });
});
