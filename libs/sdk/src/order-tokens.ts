/** Tokens of guests' orders that are kept; the oldest goes first. Each of them is in a mail, too. */
const KEPT = 20;

export type OrderTokens = Readonly<Record<string, string>>;

/** The tokens with that of one order more, as the latest. */
export function withOrderToken(tokens: OrderTokens = {}, orderId: string, token: string): Record<string, string> {
  const others = Object.entries(tokens).filter(([id]) => id !== orderId);
  return Object.fromEntries([...others, [orderId, token]].slice(-KEPT));
}

/** The tokens without that of an order. */
export function withoutOrderToken(tokens: OrderTokens = {}, orderId: string): Record<string, string> {
  return Object.fromEntries(Object.entries(tokens).filter(([id]) => id !== orderId));
}

/** The order that a call is about, if it is about one. */
export function orderIdOf(path: string, input: unknown): string | undefined {
  if (!path.startsWith('orders.') || typeof input !== 'object' || input === null || !('orderId' in input))
    return undefined;
  return typeof input.orderId === 'string' ? input.orderId : undefined;
}
