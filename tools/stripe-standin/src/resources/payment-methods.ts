/** How a payment made with a test method goes. */
export type MethodBehavior =
  | { kind: 'paid'; refunds?: 'pending_then_succeeded' | 'succeeded_then_failed' }
  | { kind: 'declined'; code: string; declineCode: string | null; message: string }
  | { kind: 'processing'; settles: 'succeeded' | 'failed' | null };

export interface TestMethod {
  type: 'card' | 'us_bank_account';
  brand: string;
  last4: string;
  behavior: MethodBehavior;
}

const declined = (code: string, declineCode: string | null, message: string): MethodBehavior => ({
  kind: 'declined',
  code,
  declineCode,
  message,
});

/** The test cards of docs.stripe.com/testing that the hosted page and the API understand, with what each does. */
export const TEST_CARDS: readonly { number: string; brand: string; says: string; behavior: MethodBehavior }[] = [
  { number: '4242424242424242', brand: 'visa', says: 'pays', behavior: { kind: 'paid' } },
  { number: '5555555555554444', brand: 'mastercard', says: 'pays', behavior: { kind: 'paid' } },
  {
    number: '4000000000000002',
    brand: 'visa',
    says: 'is declined',
    behavior: declined('card_declined', 'generic_decline', 'Your card was declined.'),
  },
  {
    number: '4000000000009995',
    brand: 'visa',
    says: 'has insufficient funds',
    behavior: declined('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  },
  {
    number: '4000000000000069',
    brand: 'visa',
    says: 'has expired',
    behavior: declined('expired_card', null, 'Your card has expired.'),
  },
  {
    number: '4000000000000127',
    brand: 'visa',
    says: 'has a wrong security code',
    behavior: declined('incorrect_cvc', null, "Your card's security code is incorrect."),
  },
  {
    number: '4000000000007726',
    brand: 'visa',
    says: 'pays; its refunds are pending first',
    behavior: { kind: 'paid', refunds: 'pending_then_succeeded' },
  },
  {
    number: '4000000000005126',
    brand: 'visa',
    says: 'pays; its refunds succeed first and fail later',
    behavior: { kind: 'paid', refunds: 'succeeded_then_failed' },
  },
];

/** Bank debits take time: the session completes unpaid, and the money comes (or doesn't) later. */
export const TEST_BANKS: readonly {
  id: string;
  last4: string;
  says: string;
  settles: 'succeeded' | 'failed' | null;
}[] = [
  { id: 'pending', last4: '6789', says: 'stays in processing until somebody decides', settles: null },
  { id: 'succeeds', last4: '1113', says: 'is confirmed after a few seconds', settles: 'succeeded' },
  { id: 'fails', last4: '1116', says: 'fails after a few seconds', settles: 'failed' },
];

const TOKENS: Record<string, string> = {
  pm_card_visa: '4242424242424242',
  pm_card_mastercard: '5555555555554444',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_pendingRefund: '4000000000007726',
  pm_card_refundFail: '4000000000005126',
};

/** The test card with this number (spaces allowed); an unknown number is declined as incorrect. */
export function cardMethod(number: string): TestMethod {
  const digits = number.replaceAll(/\D/g, '');
  const card = TEST_CARDS.find((candidate) => candidate.number === digits);
  return {
    type: 'card',
    brand: card?.brand ?? 'unknown',
    last4: digits.slice(-4).padStart(4, '0'),
    behavior: card?.behavior ?? declined('incorrect_number', null, 'Your card number is incorrect.'),
  };
}

export function bankMethod(id: string): TestMethod {
  const bank = TEST_BANKS.find((candidate) => candidate.id === id) ?? TEST_BANKS[0];
  return {
    type: 'us_bank_account',
    brand: 'bank',
    last4: bank?.last4 ?? '0000',
    behavior: { kind: 'processing', settles: bank?.settles ?? null },
  };
}

/** A method named by one of Stripe's test tokens, or undefined. */
export function tokenMethod(token: string): TestMethod | undefined {
  const number = TOKENS[token];
  return number === undefined ? undefined : cardMethod(number);
}
