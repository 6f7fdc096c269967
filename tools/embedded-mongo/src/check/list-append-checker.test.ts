import { describe, expect, it } from 'vitest';
import type { MicroOp, Outcome, Txn } from './history.ts';
import { checkListAppend } from './list-append-checker.ts';

const a = (key: string, value: number): MicroOp => ({ f: 'append', key, value });
const r = (key: string, ...values: number[]): MicroOp => ({ f: 'read', key, values });

/** Transactions that all overlap, or one after the other. */
function history(order: 'together' | 'in turn', ...txns: (readonly [Outcome, ...MicroOp[]])[]): Txn[] {
  return txns.map(([outcome, ...ops], id) => {
    const start = order === 'together' ? id : id * 2;
    const end = order === 'together' ? 100 + id : id * 2 + 1;
    return { id, client: id, start, end: outcome === 'unknown' ? Infinity : end, outcome, ops };
  });
}

const lists = (final: Record<string, number[]>): Map<string, number[]> => new Map(Object.entries(final));

function kinds(txns: readonly Txn[], final: Record<string, number[]>): string[] {
  return [...new Set(checkListAppend(txns, lists(final)).map(({ kind }) => kind))];
}

describe('the checker of list histories', () => {
  it('passes what snapshot isolation allows, write skew included', () => {
    const txns = history(
      'together',
      ['ok', r('x'), a('y', 1)],
      ['ok', r('y'), a('x', 2), r('x', 2)],
      ['ok', r('x', 2), r('y', 1), a('x', 3), a('x', 4), r('x', 2, 3, 4)],
      ['failed', a('x', 5)],
      ['unknown', a('x', 6), a('y', 7)],
      ['unknown', a('x', 8), a('y', 9)],
    );
    expect(checkListAppend(txns, lists({ x: [2, 3, 4, 6], y: [1, 7] }))).toEqual([]);
  });

  it('passes transactions in turn that see each other', () => {
    const txns = history('in turn', ['ok', a('x', 1)], ['ok', r('x', 1), a('x', 2)], ['ok', r('x', 1, 2)]);
    expect(checkListAppend(txns, lists({ x: [1, 2] }))).toEqual([]);
  });

  const cases: Record<string, [anomaly: string, txns: Txn[], final: Record<string, number[]>]> = {
    'an acknowledged append that is gone': ['lost-append', history('together', ['ok', a('x', 1)]), { x: [] }],
    'an append that was read and is gone': [
      'lost-read',
      history('together', ['unknown', a('x', 1)], ['ok', r('x', 1)]),
      { x: [] },
    ],
    'half of an uncertain transaction': [
      'torn',
      history('together', ['unknown', a('x', 1), a('y', 2)]),
      { x: [1], y: [] },
    ],
    'an aborted append in the end': ['G1a', history('together', ['failed', a('x', 1)]), { x: [1] }],
    'an aborted append in a read': ['G1a', history('together', ['failed', a('x', 1)], ['ok', r('x', 1)]), { x: [] }],
    'an intermediate state': [
      'G1b',
      history('together', ['ok', a('x', 1), a('x', 2)], ['ok', r('x', 1)]),
      { x: [1, 2] },
    ],
    'a value twice': ['duplicate', history('together', ['ok', a('x', 1)]), { x: [1, 1] }],
    'a value out of nowhere': ['phantom', history('together', ['ok', r('x', 7)]), { x: [7] }],
    'two orders of one list': [
      'incompatible-order',
      history('together', ['ok', a('x', 1)], ['ok', a('x', 2)], ['ok', r('x', 2)]),
      { x: [1, 2] },
    ],
    'an own append that is not read': ['internal', history('together', ['ok', a('x', 1), r('x')]), { x: [1] }],
    'two reads that differ': [
      'internal',
      history('together', ['ok', a('x', 1)], ['ok', r('x'), r('x', 1)]),
      { x: [1] },
    ],
    'writes in two orders': [
      'G0',
      history('together', ['ok', a('x', 1), a('y', 1.5)], ['ok', a('x', 2), a('y', 2.5)]),
      { x: [1, 2], y: [2.5, 1.5] },
    ],
    'two that read each other': [
      'G1c',
      history('together', ['ok', a('x', 1), r('y', 2)], ['ok', a('y', 2), r('x', 1)]),
      { x: [1], y: [2] },
    ],
    'half of a commit in a snapshot': [
      'G-single',
      history('together', ['ok', a('x', 1), a('y', 2)], ['ok', r('x', 1), r('y')]),
      { x: [1], y: [2] },
    ],
    'two that updated the same version': [
      'lost-update',
      history('together', ['ok', r('x'), a('x', 1)], ['ok', r('x'), a('x', 2)]),
      { x: [1, 2] },
    ],
    'two snapshots that order the same writes differently': [
      'G-nonadjacent',
      history('together', ['ok', a('x', 1)], ['ok', a('y', 2)], ['ok', r('x', 1), r('y')], ['ok', r('y', 2), r('x')]),
      { x: [1], y: [2] },
    ],
    'a read that misses what was acknowledged before': [
      'G-single-realtime',
      history('in turn', ['ok', a('x', 1)], ['ok', r('x')]),
      { x: [1] },
    ],
    'a write before one that was acknowledged earlier': [
      'G0-realtime',
      history('in turn', ['ok', a('x', 1)], ['ok', a('x', 2)]),
      { x: [2, 1] },
    ],
  };
  for (const [what, [anomaly, txns, final]] of Object.entries(cases)) {
    it(`finds ${what}: ${anomaly}`, () => {
      expect(kinds(txns, final)).toContain(anomaly);
    });
  }
});
