import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Doc } from '../bson/index.ts';
import { createCore } from './core.ts';
import { BlockedError, createLockTable } from './locks.ts';
import type { CatalogOp } from './ops.ts';
import type { StoredRecord } from './record.ts';
import { beginTransaction, type Transaction } from './transaction.ts';
import { createLiveWriter, createTransactionWriter } from './writer.ts';

describe('who has to go on for a lock to get free', () => {
  const begin = (core = createCore()): Transaction => beginTransaction(core);

  it('is its owner, or whom that one waits for in turn', () => {
    const locks = createLockTable();
    const [one, two, three] = [begin(), begin(), begin()];
    locks.lockRecord(1, one);
    locks.lockKey('key', two);
    locks.lockRecord(3, three);
    expect(locks.whoHasToGoOn(1)).toBe(one);
    one.waitsFor = 'key';
    two.waitsFor = 3;
    expect(locks.whoHasToGoOn(1)).toBe(three);
    // It waits in the queue of a lock that nobody holds at the moment.
    three.waitsFor = 4;
    expect(locks.whoHasToGoOn(1)).toBe(three);
  });

  it('is the one that asks when waiting would close a circle', () => {
    const locks = createLockTable();
    const [one, two, me] = [begin(), begin(), begin()];
    locks.lockRecord(1, one);
    locks.lockRecord(2, two);
    locks.lockKey('mine', me);
    one.waitsFor = 2;
    two.waitsFor = 'mine';
    expect(locks.whoHasToGoOn(1)).toBe(me);
  });

  it('makes a write conflict at once that would close a circle, and others wait', () => {
    const core = createCore();
    const live = createLiveWriter(core);
    const ns = 'test.rows';
    const created = { kind: 'create', cid: 1, db: 'test', name: 'rows', uuid: new Uint8Array(16), options: new Doc() };
    live.change(created as CatalogOp, [ns]);
    for (const name of ['a', 'b']) live.insert(live.collection(ns)!, Doc.of(['name', name]));
    const [a, b] = [...live.collection(ns)!.records.values()] as [StoredRecord, StoredRecord];
    const [one, two] = [begin(core), begin(core)];
    const write = (transaction: Transaction, record: StoredRecord): void => {
      const writer = createTransactionWriter(core, transaction);
      writer.replace(writer.collection(ns)!, record, Doc.of(['name', 'changed']), 'replacement');
    };
    write(one, a);
    write(two, b);
    expect(() => write(two, a)).toThrow(BlockedError);
    one.waitsFor = b.rid;
    expect(() => write(two, a)).toThrow(expect.objectContaining({ code: 112 }));
  });
});

describe('the queue of a lock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    const core = createCore();
    const { locks } = core;
    const first = beginTransaction(core);
    locks.lockRecord(1, first);
    const turns: string[] = [];
    const wait = (name: string) => {
      const place = locks.queue.join(1);
      void place.turn.then(() => turns.push(name));
      return place;
    };
    const goOn = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
    return { core, locks, first, turns, wait, goOn };
  }

  it('hands the lock to one at a time, in the order in which they came', async () => {
    const { core, locks, first, turns, wait, goOn } = setUp();
    for (const name of ['a', 'b', 'c']) wait(name);
    await goOn(1000);
    expect(turns).toEqual([]);
    locks.release(first);
    await goOn();
    expect(turns).toEqual(['a']);
    const second = beginTransaction(core);
    locks.lockRecord(1, second);
    await goOn(1000);
    expect(turns).toEqual(['a']);
    locks.release(second);
    await goOn();
    expect(turns).toEqual(['a', 'b']);
  });

  it('goes on when the one whose turn it is does not come for the lock', async () => {
    const { locks, first, turns, wait, goOn } = setUp();
    for (const name of ['a', 'b', 'c']) wait(name);
    locks.release(first);
    await goOn();
    expect(turns).toEqual(['a']);
    await goOn(200);
    expect(turns).toEqual(['a', 'b', 'c']);
  });

  it('passes over those who have left, and begins anew when all have', async () => {
    const { core, locks, first, turns, wait, goOn } = setUp();
    const [a, b] = [wait('a'), wait('b')];
    a.leave();
    wait('c');
    locks.release(first);
    await goOn();
    expect(turns).toEqual(['b']);
    b.leave();
    await goOn(200);
    expect(turns).toEqual(['b', 'c']);
    const second = beginTransaction(core);
    locks.lockRecord(1, second);
    wait('d').leave();
    wait('e');
    locks.release(second);
    await goOn();
    expect(turns).toEqual(['b', 'c', 'e']);
  });

  it('lets writes outside transactions that waited for the owner go first', async () => {
    const { core, locks, first, turns, wait, goOn } = setUp();
    wait('a');
    void first.ended.then(() => {
      turns.push('outside');
      locks.lockRecord(1, beginTransaction(core));
    });
    locks.release(first);
    first.end();
    await goOn(200);
    expect(turns).toEqual(['outside']);
  });
});
