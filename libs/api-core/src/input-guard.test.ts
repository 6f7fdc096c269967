import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { readGuardedInput, rejectionOf } from './input-guard.ts';

const read = (value: unknown): unknown => readGuardedInput(JSON.parse(JSON.stringify(superjson.serialize(value))));
const refusalOf = (payload: unknown): string | undefined => rejectionOf(readGuardedInput(payload));

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('the input guard', () => {
  it('reads plain values, dates, bigints and undefined', () => {
    const value = { text: 'x', at: new Date(5), big: 12n, gone: undefined, list: [new Date(6), undefined], 'a.b': 1n };
    expect(read(value)).toEqual(value);
    expect(read(new Date(7))).toEqual(new Date(7));
    expect(read(undefined)).toBeUndefined();
    expect(readGuardedInput(undefined)).toBeUndefined();
    expect(read({})).toEqual({});
  });

  it('repeats a value that is used twice', () => {
    const address = { city: 'Rome', since: new Date(1) };
    const result = read({ shipping: address, billing: address }) as { shipping: object; billing: object };
    expect(result).toEqual({ shipping: address, billing: address });
    expect(result.shipping).not.toBe(result.billing);
  });

  it('reads what is just within its bounds', () => {
    const dates = Array.from({ length: 1_000 }, () => new Date(0));
    expect(read(dates)).toEqual(dates);
    expect(refusalOf({ json: JSON.parse(nested(32)) })).toBeUndefined();
  });

  it('makes no cycle of an input that says it is one', () => {
    const cyclic: { name: string; self?: object } = { name: 'x' };
    cyclic.self = cyclic;
    const result = read(cyclic) as { self: unknown };
    expect(result).toEqual({ name: 'x', self: null });
    const forged = { json: { a: { b: {} } }, meta: { referentialEqualities: { a: ['a.b', '__proto__.x'] } } };
    expect(readGuardedInput(forged)).toEqual({ a: { b: {} } });
  });

  const BODY_BYTES = 256 * 1024;
  const manyPaths = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [`${'a.'.repeat(20)}${index}`, ['Date']]),
  );
  it.each([
    ['nested arrays', () => `{"json":${'['.repeat(BODY_BYTES / 2 - 20)}${']'.repeat(BODY_BYTES / 2 - 20)}}`],
    ['nested objects', () => `{"json":${nested(BODY_BYTES / 6 - 20)}}`],
    ['numbers', () => `{"json":[${'1,'.repeat(BODY_BYTES / 2 - 20)}1]}`],
    ['annotations', () => JSON.stringify({ json: {}, meta: { values: manyPaths } })],
    ['a path of escapes', () => JSON.stringify({ json: {}, meta: { values: { ['\\.'.repeat(60_000)]: ['Date'] } } })],
    ['a long bigint', () => JSON.stringify({ json: '9'.repeat(BODY_BYTES - 100), meta: { values: ['bigint'] } })],
  ])('refuses the largest body, full of %s, in less than 100 ms of work', (_, bodyOf) => {
    const body = bodyOf();
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      expect(refusalOf(JSON.parse(body))).toBeTypeOf('string');
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    expect(Math.min(...times)).toBeLessThan(100);
  });

  it.each([
    ['a Map', superjson.serialize({ a: new Map() })],
    ['a Set', superjson.serialize({ a: new Set([1]) })],
    ['a RegExp', superjson.serialize({ a: /x/ })],
    ['an Error', superjson.serialize({ a: new Error('x') })],
    ['a URL', superjson.serialize({ a: new URL('http://x.test') })],
    ['NaN', superjson.serialize({ a: Number.NaN })],
    ['Infinity', superjson.serialize(Number.POSITIVE_INFINITY)],
    ['minus zero', superjson.serialize({ a: -0 })],
    ['a huge bigint', superjson.serialize({ a: 10n ** 60n })],
    ['an invalid date', { json: { a: 'soon' }, meta: { values: { a: ['Date'] } } }],
    ['a date of a number', { json: { a: 5 }, meta: { values: { a: ['Date'] } } }],
    ['a class', { json: { a: {} }, meta: { values: { a: [['class', 'X']] } } }],
    ['a custom type', { json: { a: 'x' }, meta: { values: { a: [['custom', 'X']] } } }],
    ['a path to a prototype', { json: { a: {} }, meta: { values: { 'a.__proto__.x': ['Date'] } } }],
    ['a path to a constructor', { json: {}, meta: { values: { 'constructor.prototype.x': ['undefined'] } } }],
    ['a path to nowhere', { json: {}, meta: { values: { 'a.b': ['undefined'] } } }],
    ['an inherited path', { json: { a: [] }, meta: { values: { 'a.length': ['undefined'] } } }],
    ['a malformed path', { json: { a: 1 }, meta: { values: { 'a\\b': ['Date'] } } }],
    ['nested annotations', { json: { a: [['1']] }, meta: { values: { a: ['map', { '0.0': ['Date'] }] } } }],
    ['annotations of another shape', { json: { a: 1 }, meta: { values: 'Date' } }],
    ['a __proto__ key', JSON.parse('{"json":{"__proto__":{"admin":true}}}')],
    ['a constructor key', { json: { constructor: { prototype: { x: 1 } } } }],
    ['a depth of 33', { json: JSON.parse(nested(33)) }],
    ['1,001 dates', superjson.serialize(Array.from({ length: 1_001 }, () => new Date(0)))],
    ['a deep input', { json: JSON.parse(nested(20_000)) }],
    ['too many keys', { json: Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [`k${key}`, 1])) }],
    ['no envelope', 'text'],
    ['a bare list', []],
    ['a wider envelope', { json: {}, more: 1 }],
  ])('refuses %s', (_, payload) => {
    expect(refusalOf(payload)).toBeTypeOf('string');
  });

  it('leaves prototypes alone', () => {
    readGuardedInput(JSON.parse('{"json":{},"meta":{"values":{"__proto__.polluted":["undefined"]}}}'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
