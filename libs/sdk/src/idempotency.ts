/** Mutations that take a key: all that move money or stock, and others that make something. */
export const KEYED: ReadonlySet<string> = new Set([
  'orders.place',
  'orders.pay',
  'orders.cancel',
  'orders.claim',
  'orders.requestReturn',
  'account.addresses.create',
  'cart.addItem',
  'reviews.create',
  'admin.brands.create',
  'admin.categories.create',
  'admin.coupons.create',
  'admin.orders.bulk',
  'admin.orders.cancel',
  'admin.orders.markReturned',
  'admin.orders.note',
  'admin.orders.quarantine.resolve',
  'admin.orders.recordPayment',
  'admin.orders.refund',
  'admin.orders.retryRefund',
  'admin.orders.ship',
  'admin.orders.startProcessing',
  'admin.products.adjustStock',
  'admin.products.create',
  'admin.products.importCsv',
  'admin.products.setStock',
  'admin.products.variants.create',
  'admin.users.invite',
]);

/**
 * A fresh key for one intent of a user: make it when the form opens, send it with each try of that intent, and a double
 * click or a lost answer has one effect.
 */
export function newIdempotencyKey(): string {
  const bytes = randomBytes(18);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** React Native has no Web Crypto; a key has to be unlikely, not secret. */
function randomBytes(count: number): Uint8Array {
  const { crypto } = globalThis as { crypto?: { getRandomValues(array: Uint8Array): Uint8Array } };
  const bytes = new Uint8Array(count);
  return crypto ? crypto.getRandomValues(bytes) : bytes.map(() => Math.floor(Math.random() * 256));
}

/** The input with a key of its own where the procedure takes one and the caller gave none. */
export function withKey(path: string, input: unknown): unknown {
  if (!KEYED.has(path) || typeof input !== 'object' || input === null || 'idempotencyKey' in input) return input;
  return { ...input, idempotencyKey: newIdempotencyKey() };
}

/** Whether sending a call again can't have a second effect. */
export function isRepeatable(type: 'query' | 'mutation' | 'subscription', input: unknown): boolean {
  if (type === 'query') return true;
  return type === 'mutation' && typeof input === 'object' && input !== null && 'idempotencyKey' in input;
}
