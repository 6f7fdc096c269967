export interface Payment {
  /** A test card number; 4242 4242 4242 4242 when absent. */
  card?: string;
  /** Pay by bank debit instead: `pending` stays in processing, the others settle by themselves. */
  bank?: 'pending' | 'succeeds' | 'fails';
  email?: string;
  name?: string;
}

export type PaymentOutcome =
  | { outcome: 'paid' | 'processing'; redirectUrl: string }
  | { outcome: 'declined'; message: string; code: string }
  | { outcome: 'expired' | 'complete' };

/** Fills in and submits the hosted page of a session, as a buyer would, and says what came of it. */
export async function payCheckoutSession(url: string, payment: Payment = {}): Promise<PaymentOutcome> {
  const form = new URLSearchParams({
    action: 'pay',
    method: payment.bank === undefined ? 'card' : 'bank',
    card: payment.card ?? '4242424242424242',
    bank: payment.bank ?? '',
    email: payment.email ?? 'buyer@example.com',
    name: payment.name ?? 'Test Buyer',
  });
  const response = await fetch(url, { method: 'POST', headers: { accept: 'application/json' }, body: form });
  if (!response.headers.get('content-type')?.includes('application/json')) {
    throw new Error(`The hosted page answered ${response.status} without an outcome.`);
  }
  return (await response.json()) as PaymentOutcome;
}
