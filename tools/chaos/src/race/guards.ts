export interface Edit {
  /** From the root of the code. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Guard {
  /** What it keeps from happening. */
  readonly title: string;
  /** What taking it away means. Where a rule is kept twice, both go: either alone would hold. */
  readonly edits: readonly Edit[];
}

const repository = 'libs/features/coupons/src/coupon-repository.ts';
const evaluation = 'libs/domain/coupons/src/evaluate-coupon.ts';
const settlement = 'libs/features/payments/src/stripe-checkout/settlement.ts';
const orderPayments = 'libs/features/orders/src/order-payments.ts';

/** The guards of money and stock, and how each is taken out of a copy of the code, to see that a race finds it gone. */
export const GUARDS: Readonly<Record<string, Guard>> = {
  stock: {
    title: 'more is sold than there is',
    edits: [
      {
        file: 'libs/features/inventory/src/stock-repository.ts',
        find: "...(needed > 0 ? { $expr: { $gte: [{ $subtract: ['$onHand', '$reserved'] }, needed] } } : {}),",
        replace: '...(needed > 0 ? {} : {}),',
      },
    ],
  },
  'coupon-limit': {
    title: 'a coupon is used more often than it may',
    edits: [
      {
        file: repository,
        find: '...(limit === undefined ? {} : { redeemed: { $lt: limit } })',
        replace: '...(limit === undefined ? {} : {})',
      },
      {
        file: evaluation,
        find: 'coupon.totalLimit !== undefined && coupon.redeemed >= coupon.totalLimit',
        replace: 'coupon.totalLimit !== undefined && coupon.redeemed < 0',
      },
    ],
  },
  'customer-limit': {
    title: 'a customer uses a coupon more often than they may',
    edits: [
      {
        file: repository,
        find: '...(limit === undefined ? {} : { count: { $lt: limit } })',
        replace: '...(limit === undefined ? {} : {})',
      },
      {
        file: evaluation,
        find: 'coupon.perCustomerLimit !== undefined && redemptionsByCustomer >= coupon.perCustomerLimit',
        replace: 'coupon.perCustomerLimit !== undefined && redemptionsByCustomer < 0',
      },
    ],
  },
  'coupon-given-back': {
    title: 'an order that holds nothing any more keeps its coupon use',
    edits: [
      {
        file: 'libs/features/orders/src/order-holds.ts',
        find: 'if (order.coupon && order.paidAt === undefined) await coupons.giveBack(order.id, tx);',
        replace: '',
      },
    ],
  },
  'intent-record': {
    title: 'a repeated call is done again once its key is forgotten',
    edits: [
      {
        file: 'libs/platform/idempotency/src/records.ts',
        find: 'const record = await records().findOne({ _id: id });',
        replace: "const record = await records().findOne({ _id: 'forgotten' });",
      },
    ],
  },
  'capture-once': {
    title: 'one payment is booked twice',
    edits: [
      {
        file: settlement,
        find: 'if (await ledger.paymentByReference(reference, tx)) return;',
        replace: '',
      },
      {
        file: 'libs/features/payments/src/payment-ledger.model.ts',
        find: 'paymentSchema.index({ reference: 1 }, { unique: true });',
        replace: 'paymentSchema.index({ reference: 1 });',
      },
      {
        file: 'libs/features/payments/src/webhook-service.ts',
        find: "if (!stored || stored.status === 'applied' || stored.status === 'ignored') return 'applied';",
        replace: "if (!stored) return 'applied';",
      },
    ],
  },
  'customer-count': {
    title:
      'a customer who gave a coupon use back is counted as one who used it (the reconciliation alone looks at that)',
    edits: [
      {
        file: repository,
        find: 'await customers.updateOne({ _id, count: { $gt: 0 } }, { $inc: { count: -1 } }, sessionOption(tx));',
        replace: '',
      },
    ],
  },
  /**
   * The key alone is what stands between a lost answer and a second refund: the official SDK repeats a call under the key
   * it was given, the provider's webhook comes too late when nothing is heard of it, and the provider refuses only what is more
   * than was paid.
   */
  'refund-key': {
    title: 'a refund whose answer was lost is made again',
    edits: [
      {
        file: 'libs/features/payments/src/stripe-checkout/stripe-refund.ts',
        find: 'idempotencyKey: `refund:',
        replace: 'idempotencyKey: String(clock().getTime()) + `refund:',
      },
    ],
  },
  'refund-lookup': {
    title: 'a refund that the provider made, and keeps a failure of, is not known',
    edits: [
      {
        file: 'libs/features/payments/src/stripe-checkout/stripe-refund.ts',
        find: 'const found = isKept ? await findRefund(options) : null;',
        replace: 'const found = isKept ? null : null;',
      },
    ],
  },
  'late-payment': {
    title: 'money for a canceled order is kept',
    edits: [
      {
        file: settlement,
        find: "const cause = recording === 'canceled' ? 'late' : 'double';",
        replace: "const cause = recording === 'canceled' ? 'late' : 'double';\n    if (cause === 'late') return;",
      },
    ],
  },
  amount: {
    title: 'another sum than the total pays an order',
    edits: [
      {
        file: settlement,
        find: 'const mismatch = mismatchOf(attempt, session);',
        replace: "const mismatch = mismatchOf(attempt, session) && null as 'amount_mismatch' | null;",
      },
    ],
  },
  'hold-once': {
    title: 'what was given back is given back again',
    edits: [
      {
        file: 'libs/features/orders/src/order-holds.ts',
        find: "if (order.hold !== 'held') return { order, events: [] };",
        replace: '',
      },
      {
        file: 'libs/features/inventory/src/stock-repository.ts',
        find: '...(deltaReserved < 0 ? { reserved: { $gte: -deltaReserved } } : {}),',
        replace: '',
      },
    ],
  },
  'canceled-is-final': {
    title: 'an order that was canceled becomes paid',
    edits: [
      {
        file: orderPayments,
        find: "if (order.status === 'canceled') return 'canceled';",
        replace: '',
      },
    ],
  },
  'set-aside': {
    title: 'money that was set aside is booked by later news that fits',
    edits: [{ file: settlement, find: 'if (await ledger.isQuarantined(reference, tx)) return;', replace: '' }],
  },
  'cart-once': {
    title: 'a cart is ordered twice, by two pages that each have a key',
    edits: [
      {
        file: 'libs/features/cart/src/cart-repository.ts',
        find: '{ _id: cart.id, version: version - 1 },',
        replace: '{ _id: cart.id },',
      },
    ],
  },
  'agreed-price': {
    title: 'an order is about another price than was quoted',
    edits: [
      {
        file: 'libs/features/orders/src/place-order.ts',
        find: 'if (quote.quoteHash !== quoteHash) {',
        replace: "if (quote.quoteHash === '') {",
      },
    ],
  },
  'clock-looks-again': {
    title: 'a clock takes from an order what was paid for meanwhile',
    edits: [
      {
        file: 'libs/features/orders/src/order-clocks.ts',
        find: 'if (!order || !isDue(order, now)) return false;',
        replace: 'if (!order) return false;',
      },
      {
        file: 'libs/features/orders/src/order-clocks.ts',
        find: "if ((await payments.expireOpenSession(orderId)) === 'completed') return false;",
        replace: 'await payments.expireOpenSession(orderId);',
      },
    ],
  },
  'refund-limit': {
    title: 'more goes back than was paid',
    edits: [
      {
        file: 'libs/features/payments/src/payment-ledger-repository.ts',
        find: '{ _id: paymentId, refundable: { $gte: amount } },',
        replace: '{ _id: paymentId },',
      },
      {
        file: 'libs/domain/pricing/src/refunds.ts',
        find: 'if (amount.amount > rest) throw',
        replace: 'if (amount.amount < 0) throw',
      },
    ],
  },
  'sent-once': {
    title: 'pieces that were sent, or given up, are sent again',
    edits: [
      {
        file: 'libs/features/orders/src/order-fulfilment.ts',
        find: 'requirePieces(seen, input.lines, (line) => line.open)',
        replace: 'requirePieces(seen, input.lines, (line) => line.ordered)',
      },
    ],
  },
  'retry-once': {
    title: 'a refund that came back is made again twice',
    edits: [
      {
        file: 'libs/features/orders/src/order-admin-mapping.ts',
        find: "return status === 'failed' && isOurs && retriedAs === undefined;",
        replace: "return status === 'failed' && isOurs && retriedAs !== '';",
      },
    ],
  },
  'resolve-once': {
    title: 'what was decided on set-aside money is decided again',
    edits: [
      {
        file: 'libs/features/payments/src/payment-ledger-repository.ts',
        find: '.findOne({ _id: id, resolvedAt: { $exists: false } })',
        replace: '.findOne({ _id: id })',
      },
    ],
  },
  'invoice-once': {
    title: 'what was billed is billed again',
    edits: [
      {
        file: 'libs/features/invoices/src/invoice-issuing.ts',
        find: 'if (has(content)) continue;',
        replace: "if (has({ ...content, source: '' })) continue;",
      },
      {
        file: 'libs/features/invoices/src/invoice.model.ts',
        find: 'invoiceSchema.index({ kind: 1, source: 1 }, { unique: true });',
        replace: 'invoiceSchema.index({ kind: 1, source: 1 });',
      },
    ],
  },
  'invoice-gapless': {
    title: 'a number is taken for a document that is never written',
    edits: [
      {
        file: 'libs/features/invoices/src/invoice-repository.ts',
        find: "const options = { ...sessionOption(tx), upsert: true, returnDocument: 'after' } as const;",
        replace: "const options = { ...(tx ? {} : {}), upsert: true, returnDocument: 'after' } as const;",
      },
    ],
  },
};
