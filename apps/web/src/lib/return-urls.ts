/**
 * Where the payment page sends the buyer back to: this very site, since a session lives with its origin. The API fills
 * `{orderId}` in.
 */
export function returnUrls(origin: string): { successUrl: string; cancelUrl: string } {
  return {
    successUrl: `${origin}/orders/{orderId}?payment=success`,
    cancelUrl: `${origin}/orders/{orderId}?payment=canceled`,
  };
}
