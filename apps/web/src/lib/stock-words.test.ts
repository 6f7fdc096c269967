import { expect, it } from 'vitest';
import { movedWords, movementOrder, movementWords } from './stock-words.ts';

it('says what a movement was, by its source where that says more', () => {
  expect(movementWords({ kind: 'hold', source: 'order' })).toBe('Set aside for an order');
  expect(movementWords({ kind: 'restock', source: 'return' })).toBe('Came back and is on sale again');
  expect(movementWords({ kind: 'adjust', source: 'admin' })).toBe('Corrected');
});

it('says by how much it changed what', () => {
  expect(movedWords({ deltaOnHand: -1, deltaReserved: -1 })).toBe('−1 in the house, −1 promised');
  expect(movedWords({ deltaOnHand: 0, deltaReserved: 2 })).toBe('+2 promised');
  expect(movedWords({ deltaOnHand: 0, deltaReserved: 0 })).toBe('nothing changed');
});

it('knows the order, however often it was set aside for', () => {
  expect(movementOrder({ source: 'order', sourceId: 'abc' })).toBe('abc');
  expect(movementOrder({ source: 'order', sourceId: 'abc/2' })).toBe('abc');
  expect(movementOrder({ source: 'shipment', sourceId: 'abc' })).toBeUndefined();
});
