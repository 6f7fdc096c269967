import { describe, expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

const setUp = (most?: number) => {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const double = createBatcher<number, number>(
    async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (items.includes(-1)) throw new Error('bad batch');
      return items.map((item) => item * 2);
    },
    most === undefined ? {} : { most },
  );
  const open = async (count: number) => {
    await expect.poll(() => gates.length).toBe(count);
    gates.at(-1)?.();
  };
  return { batches, double, open };
};

describe('a batcher', () => {
  it('does together what comes while it is busy', async () => {
    const { batches, double, open } = setUp();
    const first = double(1);
    await expect.poll(() => batches).toEqual([[1]]);
    const rest = Promise.all([double(2), double(3)]);
    await open(1);
    expect(await first).toBe(2);
    await open(2);
    expect(await rest).toEqual([4, 6]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('is bounded, and lives on after a failure', async () => {
    const { batches, double, open } = setUp(2);
    const outcomes = Promise.allSettled([double(-1), double(2), double(3)]);
    await open(1);
    await open(2);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(batches).toEqual([[-1, 2], [3]]);
    const later = double(4);
    await open(3);
    expect(await later).toBe(8);
  });
});
