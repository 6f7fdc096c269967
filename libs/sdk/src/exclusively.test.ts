import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exclusively } from './exclusively.ts';

afterEach(() => vi.unstubAllGlobals());

/** Work that notes how many are at it at once. */
function workplace() {
  let atWork = 0;
  const most: number[] = [];
  const work = async (): Promise<void> => {
    atWork += 1;
    most.push(atWork);
    await new Promise((resolve) => setImmediate(resolve));
    atWork -= 1;
  };
  return { work, most };
}

describe('where the browser has no locks', () => {
  beforeEach(() => vi.stubGlobal('navigator', {}));

  it('tabs take turns', async () => {
    const { work, most } = workplace();
    await Promise.all(Array.from({ length: 4 }, () => exclusively('turns', work)));
    expect(most).toEqual([1, 1, 1, 1]);
  });

  it('a tab that is at work keeps others waiting until it is done, also when it fails', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const order: string[] = [];
    const first = exclusively('fails', () => {
      order.push('first');
      return promise;
    });
    await vi.waitFor(() => expect(order).toEqual(['first']));
    const second = exclusively('fails', async () => void order.push('second'));
    // The second one has been told to wait when a third one, which asks later, has, too.
    const asked = new BroadcastChannel('fails');
    const refusals = await new Promise<string[]>((resolve) => {
      asked.onmessage = ({ data }) => {
        if (data.kind === 'mine' && data.to === 'x') resolve([...order]);
      };
      asked.postMessage({ kind: 'ask', id: 'x' });
    });
    expect(refusals).toEqual(['first']);
    asked.close();
    reject(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('and can not talk to other tabs either, work is done at once', async () => {
    vi.stubGlobal('BroadcastChannel', undefined);
    const { work, most } = workplace();
    await exclusively('alone', work);
    expect(most).toEqual([1]);
  });
});

it('the locks of the browser are used where there are any', async () => {
  const request = vi.fn((_name: string, work: () => Promise<void>) => work());
  vi.stubGlobal('navigator', { locks: { request } });
  const { work, most } = workplace();
  await exclusively('locked', work);
  expect(request).toHaveBeenCalledWith('locked', work);
  expect(most).toEqual([1]);
});
