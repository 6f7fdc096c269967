import type { PaymentStrategy } from '../payment-strategy.ts';

/** Paid to whoever brings the parcel: nothing to open, nothing to close; staff enter the cash and what is given back. */
export function createCashOnDeliveryStrategy({ clock }: { clock: () => Date }): PaymentStrategy {
  return {
    method: 'cash_on_delivery',
    provider: 'cash',
    start: async () => ({}),
    handleEvent: async () => 'applied',
    // A refund is entered when the money has been handed over.
    refund: async () => ({ status: 'succeeded', at: clock() }),
    cancel: async () => 'closed',
  };
}
