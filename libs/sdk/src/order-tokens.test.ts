import { expect, it } from 'vitest';
import { orderIdOf, withOrderToken } from './order-tokens.ts';

it('keeps the latest twenty, each order once', () => {
  let tokens: Record<string, string> = {};
  for (let index = 0; index < 25; index += 1) tokens = withOrderToken(tokens, `o${index}`, 't');
  tokens = withOrderToken(tokens, 'o10', 'again');
  expect(Object.keys(tokens)).toHaveLength(20);
  expect(tokens['o4']).toBeUndefined();
  expect(Object.entries(tokens).at(-1)).toEqual(['o10', 'again']);
});

it('knows calls about one order', () => {
  expect(orderIdOf('orders.byId', { orderId: 'o1' })).toBe('o1');
  expect(orderIdOf('admin.orders.byId', { orderId: 'o1' })).toBeUndefined();
  expect(orderIdOf('orders.list', { limit: 1 })).toBeUndefined();
  expect(orderIdOf('orders.list', undefined)).toBeUndefined();
});
