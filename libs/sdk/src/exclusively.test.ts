import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exclusively } from './exclusively.ts';

/** How long a tab that asks waits for others to object. */
const ASKING_MS = 100;

// Tabs talk in real turns of the event loop; how long they wait for an answer is for the test to say, not for the machine.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets everything that was said be heard, and answered. */
async function talk(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass for those who wait for an answer. */
async function askedLongEnough(): Promise<void> {
  await talk();
  await vi.advanceTimersByTimeAsync(ASKING_MS);
  await talk();
}

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
    const all = Promise.all(Array.from({ length: 4 }, () => exclusively('turns', work)));
    for (let turn = 1; turn <= 4; turn += 1) {
      await askedLongEnough();
      expect(most).toEqual(Array.from({ length: turn }, () => 1));
    }
    await all;
  });

  it('a tab that is at work keeps others waiting until it is done, also when it fails', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const order: string[] = [];
    const { heard } = listenTo('fails');
    const first = exclusively('fails', () => {
      order.push('first');
      return promise;
    });
    await askedLongEnough();
    const second = exclusively('fails', async () => void order.push('second'));
    await askedLongEnough();
    expect(heard).toContain('mine');
    expect(order).toEqual(['first']);
    const failed = expect(first).rejects.toThrow('refused');
    reject(new Error('refused'));
    await failed;
    await askedLongEnough();
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
    await talk();
    expect(heard).toEqual(['ask']);
    const both = Promise.all([larger, askAs(1)]);
    await askedLongEnough();
    expect(order).toEqual(['1']);
    await askedLongEnough();
    await both;
    expect(order).toEqual(['1', '2']);
  });

  it('a tab that died at work is not waited for for ever', async () => {
    const { heard } = listenTo('dead');
    const work = vi.fn(() => Promise.resolve());
    const dead = new BroadcastChannel('dead');
    dead.onmessage = ({ data }) => dead.postMessage({ kind: 'mine', to: (data as { id: string }).id });
    const waiting = exclusively('dead', work);
    await askedLongEnough();
    expect(heard).toEqual(['ask', 'mine']);
    dead.close();
    await vi.advanceTimersByTimeAsync(19_000);
    expect(work).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    await waiting;
    expect(work).toHaveBeenCalledOnce();
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
