import type { ChangeListener } from '@cartwright/platform-redis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnswers, type MadeAnswer } from './answers.ts';

const LONG_MS = 30_000;
const SETTLED_MS = 701;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }));
afterEach(() => void vi.useRealTimers());

const later = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** One process; `processes` of one shop share what is in Redis. */
function processOf(redis = new Map<string, MadeAnswer>(), maxBytes?: number) {
  let version: string | null = 'v0';
  let listener: ChangeListener | undefined;
  let made = 0;
  const lookups = new Map<string, number>();
  const answers = createAnswers({
    watch: (given) => {
      listener = given;
      return { version: () => version, close: () => undefined };
    },
    shared: {
      get: async ({ version: of, key }) => redis.get(`${of} ${key}`),
      put: async ({ version: of, key }, answer) => void redis.set(`${of} ${key}`, answer),
    },
    onLookup({ level, outcome }) {
      const name = `${level} ${outcome}`;
      lookups.set(name, (lookups.get(name) ?? 0) + 1);
    },
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  return {
    ...answers,
    redis,
    made: () => made,
    /** What was asked of the levels since this was asked last. */
    lookups(): Record<string, number> {
      const counts = Object.fromEntries(lookups);
      lookups.clear();
      return counts;
    },
    /** Reads as a host does, and tells the text. */
    async read(key: string, productIds?: readonly string[], keepMs = LONG_MS): Promise<string | undefined> {
      const found = answers.find(key);
      const answer =
        found ??
        (await answers.make(key, async () => {
          made += 1;
          return { body: Buffer.from(`${key} ${made}`), productIds, keepMs };
        }));
      return answer?.body.toString();
    },
    change(next: string, ...ids: string[]): void {
      version = next;
      listener?.onChange(ids);
    },
    lose: () => {
      version = null;
    },
    hear: (again: string, missed: boolean): void => {
      if (missed) listener?.onMissed();
      version = again;
    },
  };
}

describe('kept answers', () => {
  it('are made once for all who ask meanwhile, and then given without being made', async () => {
    const shop = processOf();
    await later(SETTLED_MS);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => shop.read('list'))))).toEqual(
      new Set(['list 1']),
    );
    await later(LONG_MS - 1);
    expect(await shop.read('list')).toBe('list 1');
    await later(1);
    shop.redis.clear();
    expect(await shop.read('list')).toBe('list 2');
  });

  it('of one product are forgotten with that product alone, others with any', async () => {
    const shop = processOf();
    await later(SETTLED_MS);
    for (const id of ['a', 'b']) await shop.read(id, [id]);
    await shop.read('list');
    shop.change('v1', 'a');
    expect([shop.find('a'), shop.find('list')]).toEqual([undefined, undefined]);
    expect(shop.find('b')?.body.toString()).toBe('b 2');
  });

  it('made soon after a change are kept for a moment only, as the change may not show in them yet', async () => {
    const shop = processOf();
    await later(SETTLED_MS);
    shop.change('v1', 'x');
    await later(300);
    expect(await shop.read('list')).toBe('list 1');
    await later(99);
    expect(await shop.read('list')).toBe('list 1');
    await later(1);
    expect(await shop.read('list')).toBe('list 2');
    await later(301);
    expect(await shop.read('list')).toBe('list 3');
    await later(10_000);
    expect(await shop.read('list')).toBe('list 3');
  });

  it('of a product that changed while they were made are not kept', async () => {
    const shop = processOf();
    const load = async (): Promise<MadeAnswer> => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { body: Buffer.from('old'), productIds: ['a'], keepMs: LONG_MS };
    };
    const underway = shop.make('a', load);
    await later(10);
    shop.change('v1', 'a');
    await later(50);
    expect((await underway)?.body.toString()).toBe('old');
    expect(shop.find('a')).toBeUndefined();
  });

  it('are not given while changes could be missed, and are all forgotten when some were', async () => {
    const shop = processOf();
    await later(SETTLED_MS);
    await shop.read('list');
    await shop.read('a', ['a']);
    shop.lose();
    expect([shop.find('list'), shop.find('a')]).toEqual([undefined, undefined]);
    expect(await shop.read('list')).toBe('list 3');
    shop.hear('v0', false);
    expect([shop.find('list'), shop.find('a')].map((answer) => answer?.body.toString())).toEqual(['list 1', 'a 2']);
    shop.lose();
    shop.hear('v1', true);
    expect([shop.find('list'), shop.find('a')]).toEqual([undefined, undefined]);
  });

  it('begun while changes could be missed are not kept', async () => {
    const shop = processOf();
    await later(SETTLED_MS);
    shop.lose();
    const underway = shop.make('list', async () => {
      shop.hear('v1', false);
      return { body: Buffer.from('x'), keepMs: LONG_MS };
    });
    await underway;
    expect(shop.find('list')).toBeUndefined();
  });

  it('that are asked for again are there for other processes, until something changes', async () => {
    const [one, other] = [processOf(), processOf()];
    const redis = one.redis;
    const second = processOf(redis);
    await later(SETTLED_MS);
    await one.read('once');
    expect(redis.size).toBe(0);
    await one.read('list');
    await one.read('list');
    expect([...redis.keys()]).toEqual(['v0 list']);
    expect(await second.read('list')).toBe('list 2');
    expect(second.made()).toBe(0);
    second.change('v1', 'x');
    expect(await second.read('list')).toBe('list 1');
    expect(await other.read('list')).toBe('list 1');
  });

  it('hold no longer than they were made for, wherever they come from', async () => {
    const redis = new Map([['v0 list', { body: Buffer.from('shared'), keepMs: 40 }]]);
    const shop = processOf(redis);
    await later(SETTLED_MS);
    expect(await shop.read('list')).toBe('shared');
    await later(41);
    redis.clear();
    expect(await shop.read('list')).toBe('list 1');
    expect(await shop.read('sale', ['a'], 0)).toBe('sale 2');
    expect(shop.find('sale')).toBeUndefined();
  });

  it('take no more memory than they may', async () => {
    const shop = processOf(undefined, 20_000);
    await later(SETTLED_MS);
    for (let at = 0; at < 100; at += 1) await shop.read(`list ${at}`, [`p${at}`]);
    expect(shop.size().bytes).toBeLessThanOrEqual(20_000);
    expect(shop.size().entries).toBeGreaterThan(10);
  });

  it('are counted by level: found, waited for, missed, and passed by while changes could be missed', async () => {
    const redis = new Map<string, MadeAnswer>();
    const [one, other] = [processOf(redis), processOf(redis)];
    await later(SETTLED_MS);
    await Promise.all([one.read('list'), one.read('list'), one.read('list')]);
    expect(one.lookups()).toEqual({ 'process miss': 1, 'process waited': 2, 'redis miss': 1 });
    for (let time = 0; time < 3; time += 1) await one.read('list');
    expect(one.lookups()).toEqual({ 'process hit': 3 });
    await other.read('list');
    expect(other.lookups()).toEqual({ 'process miss': 1, 'redis hit': 1 });
    other.lose();
    await other.read('list');
    expect(other.lookups()).toEqual({ 'process miss': 1, 'redis bypassed': 1 });
  });

  it('keep no refusal and no failure', async () => {
    const shop = processOf();
    expect(await shop.make('x', async () => undefined)).toBeUndefined();
    await expect(shop.make('x', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await shop.read('x')).toBe('x 1');
  });
});
