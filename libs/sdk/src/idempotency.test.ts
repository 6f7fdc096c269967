import { createAppRouter, type AppServices } from '@cartwright/app-router';
import { describe, expect, it } from 'vitest';
import { KEYED, isRepeatable, newIdempotencyKey, withKey } from './idempotency.ts';
import { withoutDirection } from './links.ts';

describe('idempotency keys', () => {
  it('are long, printable and never the same', () => {
    const keys = new Set(Array.from({ length: 1_000 }, newIdempotencyKey));
    expect(keys.size).toBe(1_000);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{16,128}$/);
  });

  it('are added to all that takes one, and to nothing else', () => {
    const pass = ({ next }: { next: () => unknown }) => next();
    const shop = createAppRouter({
      system: { version: '1.0.0' },
      idempotency: { required: pass, recorded: pass, optional: pass },
      limits: { placing: pass, coupons: pass, searching: pass },
    } as unknown as AppServices);
    const procedures = Object.entries(shop._def.procedures as object) as [
      string,
      { _def: { inputs: { shape?: object }[] } },
    ][];
    const taking = procedures.filter(([, { _def }]) =>
      _def.inputs.some(({ shape }) => 'idempotencyKey' in (shape ?? {})),
    );
    expect(taking.length).toBeGreaterThan(0);
    expect([...KEYED].sort()).toEqual(taking.map(([path]) => path).sort());
  });

  it('are added where the caller gave none', () => {
    expect(withKey('orders.place', { a: 1 })).toMatchObject({ a: 1, idempotencyKey: expect.any(String) });
    expect(withKey('orders.place', { idempotencyKey: 'mine' })).toEqual({ idempotencyKey: 'mine' });
    expect(withKey('cart.setQuantity', { a: 1 })).toEqual({ a: 1 });
  });

  it('make a mutation repeatable', () => {
    expect(isRepeatable('query', undefined)).toBe(true);
    expect(isRepeatable('mutation', { a: 1 })).toBe(false);
    expect(isRepeatable('mutation', { idempotencyKey: 'k' })).toBe(true);
  });
});

describe('inputs of infinite queries', () => {
  it('lose the direction that TanStack adds, and nothing else', () => {
    expect(withoutDirection({ limit: 5, cursor: 'c', direction: 'forward' })).toEqual({ limit: 5, cursor: 'c' });
    expect(withoutDirection({ limit: 5 })).toEqual({ limit: 5 });
    expect(withoutDirection(undefined)).toBeUndefined();
  });
});
