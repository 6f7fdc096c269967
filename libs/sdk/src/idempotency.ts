/** Mutations that move money or stock: the shop refuses them without a key. */
const KEYED = new Set(['orders.place', 'orders.pay', 'orders.cancel']);

/**
 * A fresh key for one intent of a user: make it when the form opens, send it with each try of that intent, and a double
 * click or a lost answer has one effect.
 */
export function newIdempotencyKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** The input with a key of its own where the procedure needs one and the caller gave none. */
export function withKey(path: string, input: unknown): unknown {
  if (!KEYED.has(path) || typeof input !== 'object' || input === null || 'idempotencyKey' in input) return input;
  return { ...input, idempotencyKey: newIdempotencyKey() };
}

/** Whether sending a call again can't have a second effect. */
export function isRepeatable(type: 'query' | 'mutation' | 'subscription', input: unknown): boolean {
  if (type === 'query') return true;
  return type === 'mutation' && typeof input === 'object' && input !== null && 'idempotencyKey' in input;
}
