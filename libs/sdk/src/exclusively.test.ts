import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
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

/** What tabs tell each other. */
function listenTo(name: string) {
  const heard: string[] = [];
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => heard.push((data as { kind: string }).kind);
  onTestFinished(() => channel.close());
  return { heard };
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
    const { heard } = listenTo('fails');
    const first = exclusively('fails', () => {
      order.push('first');
      return promise;
    });
    await vi.waitFor(() => expect(order).toEqual(['first']));
    const second = exclusively('fails', async () => void order.push('second'));
    await vi.waitFor(() => expect(heard).toContain('mine'));
    expect(order).toEqual(['first']);
    reject(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('of two that ask, the one with the smaller name is first, also when it asks later', async () => {
    const order: string[] = [];
    const { heard } = listenTo('names');
    const askAs = (name: number): Promise<void> => {
      const now = vi.spyOn(Date, 'now').mockReturnValue(name);
      const asking = exclusively('names', async () => void order.push(String(name)));
      now.mockRestore();
      return asking;
    };
    const larger = askAs(2);
    await vi.waitFor(() => expect(heard).toEqual(['ask']), { interval: 1 });
    await Promise.all([larger, askAs(1)]);
    expect(order).toEqual(['1', '2']);
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
