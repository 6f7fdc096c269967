import { describe, expect, it } from 'vitest';
import { checkBank, type BankHistory } from './bank-checker.ts';
import { checkRegisters, type RegisterFinals, type RegisterWrite } from './registers-checker.ts';

const kindsOf = (anomalies: readonly { kind: string }[]): string[] => [...new Set(anomalies.map(({ kind }) => kind))];

describe('the checker of a bank', () => {
  const transfer = { id: 't1', from: 'a', to: 'b', amount: 3, outcome: 'ok' } as const;
  const bank = (changes: Partial<BankHistory>): string[] =>
    kindsOf(
      checkBank({
        start: new Map([
          ['a', 10],
          ['b', 5],
        ]),
        transfers: [transfer],
        snapshots: [],
        finalBalances: new Map([
          ['a', 7],
          ['b', 8],
        ]),
        finalTransfers: ['t1'],
        ...changes,
      }),
    );
  const before = new Map([
    ['a', 10],
    ['b', 5],
  ]);

  it('passes a legal history, and uncertain transfers that are there or not', () => {
    expect(bank({ snapshots: [before] })).toEqual([]);
    expect(bank({ transfers: [{ ...transfer, outcome: 'unknown' }] })).toEqual([]);
    expect(
      bank({ transfers: [{ ...transfer, outcome: 'unknown' }], finalBalances: before, finalTransfers: [] }),
    ).toEqual([]);
  });

  it('finds totals that change, debts, lost, torn, aborted, doubled and invented transfers', () => {
    expect(bank({ snapshots: [new Map([['a', 10]])] })).toEqual(['total']);
    expect(
      bank({
        snapshots: [
          new Map([
            ['a', -1],
            ['b', 16],
          ]),
        ],
      }),
    ).toEqual(['negative']);
    expect(bank({ finalBalances: before, finalTransfers: [] })).toEqual(['lost-transfer']);
    expect(bank({ finalBalances: before })).toEqual(['torn']);
    expect(bank({ transfers: [{ ...transfer, outcome: 'failed' }] })).toEqual(['aborted-transfer']);
    expect(bank({ finalTransfers: ['t1', 't1'] })).toEqual(['duplicate']);
    expect(bank({ finalTransfers: ['t1', 't2'] })).toEqual(['phantom']);
  });
});

describe('the checker of registers', () => {
  const increment = { id: 'w1', f: 'increment', register: 'r', outcome: 'ok', answered: 1 } as const;
  const none: RegisterFinals = { registers: [], inserted: [], names: [], items: [], allItems: [] };
  const one = (...writes: string[]) => ({ ...none, registers: [{ _id: 'r', n: writes.length, writes }] });
  const check = (writes: RegisterWrite[], finals: RegisterFinals): string[] => kindsOf(checkRegisters(writes, finals));

  it('passes writes that are there once', () => {
    expect(check([increment, { ...increment, id: 'w2', outcome: 'unknown', answered: null }], one('w1'))).toEqual([]);
  });

  it('finds what is lost, done twice, half done, wrongly answered, or there though it failed', () => {
    expect(check([increment], one())).toEqual(['lost-write']);
    expect(check([increment], one('w1', 'w1'))).toContain('duplicate');
    expect(check([increment], { ...none, registers: [{ _id: 'r', n: 2, writes: ['w1'] }] })).toEqual(['torn']);
    expect(check([{ ...increment, answered: 2 }], one('w1'))).toEqual(['wrong-answer']);
    expect(check([{ ...increment, outcome: 'failed', answered: null }], one('w1'))).toEqual(['failed-write']);
    expect(check([], one('w9'))).toEqual(['phantom']);
    const swap: RegisterWrite = { id: 'w1', f: 'swap', register: 'r', outcome: 'ok', matched: 0 };
    expect(check([swap], one('w1'))).toEqual(['wrong-answer']);
  });

  it('finds documents, names and items that are lost or shared', () => {
    const insert: RegisterWrite = { id: 'i', f: 'insert', ids: ['i-0', 'i-1'], outcome: 'ok' };
    expect(check([insert], { ...none, inserted: ['i-0'] })).toEqual(['lost-write']);
    expect(check([insert], { ...none, inserted: ['i-0', 'i-1', 'i-1'] })).toEqual(['duplicate']);
    const reserve = (id: string): RegisterWrite => ({ id, f: 'reserve', name: 'n', outcome: 'ok' });
    expect(check([reserve('a'), reserve('b')], { ...none, names: [{ name: 'n', owner: 'a' }] })).toEqual([
      'lost-write',
    ]);
    const two = [
      { name: 'n', owner: 'a' },
      { name: 'n', owner: 'b' },
    ];
    expect(check([reserve('a')], { ...none, names: two })).toEqual(['duplicate']);
    const take = (id: string): RegisterWrite => ({ id, f: 'take', item: 'x', outcome: 'ok' });
    expect(check([take('a'), take('b')], { ...none, allItems: ['x'] })).toEqual(['duplicate']);
    expect(check([], { ...none, allItems: ['x'] })).toEqual(['lost-write']);
    const claim: RegisterWrite = { id: 'a', f: 'claim', item: 'x', outcome: 'ok' };
    const items = [{ _id: 'x', claimedBy: 'b' }];
    expect(check([claim], { ...none, items, allItems: ['x'] })).toEqual(['lost-write']);
  });
});
