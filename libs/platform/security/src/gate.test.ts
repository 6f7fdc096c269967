import { describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';

/** Works that end when the test says so. */
const works = () => {
  const begun: number[] = [];
  const end = new Map<number, () => void>();
  const work = (id: number) => (): Promise<number> => {
    begun.push(id);
    return new Promise((resolve) => end.set(id, () => resolve(id)));
  };
  return { begun, work, end: (id: number) => end.get(id)?.() };
};

describe('a gate', () => {
  it('lets so many work at once, the others by turns, and refuses the rest', async () => {
    const { begun, work, end } = works();
    const gate = createGate({ atOnce: 2, waiting: 2 });
    const running = [1, 2, 3, 4].map((id) => gate(work(id)));
    await expect(gate(work(5))).rejects.toMatchObject({ reason: 'SERVICE_UNAVAILABLE' });
    expect(begun).toEqual([1, 2]);
    end(2);
    await running[1];
    await expect.poll(() => begun).toEqual([1, 2, 3]);
    end(1);
    end(3);
    await expect.poll(() => begun).toEqual([1, 2, 3, 4]);
    end(4);
    expect(await Promise.all(running)).toEqual([1, 2, 3, 4]);
  });

  it('is free again after a failure', async () => {
    const gate = createGate({ atOnce: 1, waiting: 0 });
    await expect(gate(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await gate(() => Promise.resolve('yes'))).toBe('yes');
  });
});
