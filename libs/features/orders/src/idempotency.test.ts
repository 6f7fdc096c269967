import { DomainError } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import { fixedClock } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createIdempotency } from './idempotency.ts';
import type { IdempotencyRecordDoc } from './idempotency-record.model.ts';

const tx = {} as Tx;
const intent = { caller: 'user:u', procedure: 'orders.place', key: 'key-of-sixteen-chars', input: { a: 1 } };

function setUp() {
  const stored = new Map<string, IdempotencyRecordDoc>();
  const records = {
    byId: async (id: string) => stored.get(id) ?? null,
    insert: async (doc: IdempotencyRecordDoc) => void stored.set(doc._id, doc),
  };
  return { stored, ...createIdempotency({ records, clock: fixedClock() }) };
}

describe('once', () => {
  it('runs the effect once and answers its result again', async () => {
    const { once } = setUp();
    let runs = 0;
    const effect = async (record: (id: string, tx: Tx) => Promise<void>) => {
      runs += 1;
      await record('order', tx);
      return 'order';
    };
    expect(await once(intent, effect)).toEqual({ resultId: 'order', replayed: false });
    expect(await once({ ...intent, input: { a: 1, b: undefined } }, effect)).toEqual({
      resultId: 'order',
      replayed: true,
    });
    expect(runs).toBe(1);
    await expect(once({ ...intent, input: { a: 2 } }, effect)).rejects.toThrowError('IDEMPOTENCY_KEY_REUSED');
  });

  it('keeps keys of callers and procedures apart', async () => {
    const { once, stored } = setUp();
    const effect = async (record: (id: string, tx: Tx) => Promise<void>) => {
      await record('x', tx);
      return 'x';
    };
    await once(intent, effect);
    await once({ ...intent, caller: 'user:v' }, effect);
    await once({ ...intent, procedure: 'orders.cancel' }, effect);
    expect(stored.size).toBe(3);
  });

  it('frees the key after a refusal', async () => {
    const { once } = setUp();
    const refuse = () => Promise.reject(new DomainError('CART_EMPTY'));
    await expect(once(intent, refuse)).rejects.toThrowError('CART_EMPTY');
    expect((await once(intent, () => Promise.resolve('now'))).resultId).toBe('now');
  });

  it('answers with the result of a concurrent call that made this one fail', async () => {
    const { once } = setUp();
    const beaten = async (record: (id: string, tx: Tx) => Promise<void>) => {
      await record('theirs', tx);
      throw new DomainError('CART_CHANGED', { cartVersion: 2 });
    };
    expect(await once(intent, beaten)).toEqual({ resultId: 'theirs', replayed: true });
  });

  it('keeps records for thirty days', async () => {
    const { once, stored } = setUp();
    await once(intent, async (record) => {
      await record('x', tx);
      return 'x';
    });
    const [record] = stored.values();
    expect(record && record.expiresAt.getTime() - record.createdAt.getTime()).toBe(30 * 86_400_000);
  });
});
