import { describe, expect, it } from 'vitest';
import type { Raced, RacedOrder } from './facts.ts';
import { findMoneyFaults } from './money-check.ts';

const TAKEN = 1_000;

interface Row {
  id: string;
  amount: number;
  status: string;
  cause?: string;
  providerRefundId?: string;
  retriedAs?: string;
}

/** An order of ten that was paid once, and what the ledger and the provider say of the ways back. */
async function faultsOf({
  status = 'canceled',
  ledger = [],
  refunds = [],
  disputes = [],
}: {
  status?: string;
  ledger?: Row[];
  refunds?: number[];
  disputes?: { id: string; status: string; amount: number }[];
}): Promise<string[]> {
  const total = { amount: TAKEN, currency: 'USD' };
  const order = {
    ...{ _id: 'order', status, paymentId: 'payment', paymentMethod: 'stripe_checkout', total },
    refunds: ledger.map(({ id, retriedAs }) => ({ id, ...(retriedAs === undefined ? {} : { retriedAs }) })),
  };
  const rows = ledger.map(({ id, amount, cause = 'order', ...row }) => ({
    ...{ ...row, _id: id, paymentId: 'payment', cause, amount: { amount } },
  }));
  const standing = rows.filter((row) => row.status !== 'failed').reduce((sum, { amount }) => sum + amount.amount, 0);
  const tables: Record<string, unknown[]> = {
    payments: [
      { ...{ _id: 'payment', orderId: 'order', reference: 'pi' }, amount: total, refundable: TAKEN - standing },
    ],
    payment_refunds: rows,
    payment_quarantine: [],
  };
  const session = {
    ...{ metadata: { orderId: 'order' }, payment_status: 'paid', payment_intent: 'pi' },
    ...{ amount_total: TAKEN, currency: 'usd' },
  };
  const back = refunds.map((amount) => ({ amount, status: 'succeeded', metadata: {} }));
  const raced = {
    database: { all: (name: string) => Promise.resolve(tables[name]) },
    stripe: {
      checkout: { sessions: { list: () => [session] } },
      paymentIntents: { retrieve: () => Promise.resolve({ amount_received: TAKEN, currency: 'usd' }) },
      refunds: { list: () => Promise.resolve({ data: back }) },
      disputes: { list: () => Promise.resolve({ data: disputes }) },
    },
    since: new Date(0),
  };
  return findMoneyFaults(raced as unknown as Raced, [order as unknown as RacedOrder]);
}

describe('the money of a canceled order', () => {
  const failed = { id: 'first', amount: 300, status: 'failed' };

  it('goes back whole', async () => {
    expect(await faultsOf({ ledger: [{ id: 'all', amount: TAKEN, status: 'succeeded' }], refunds: [TAKEN] })).toEqual(
      [],
    );
    expect(await faultsOf({})).toEqual(['pi of order (canceled): 0 went back instead of 1000']);
  });

  it('goes back but for what the bank refused and nobody asked for again', async () => {
    const rest = { id: 'rest', amount: 700, status: 'succeeded' };
    expect(await faultsOf({ ledger: [failed, rest], refunds: [700] })).toEqual([]);
    expect(await faultsOf({ ledger: [failed] })).toEqual(['pi of order (canceled): 0 went back instead of 700']);
    const again = { ...failed, retriedAs: 'second' };
    expect(await faultsOf({ ledger: [again, rest], refunds: [700] })).toEqual([
      'pi of order (canceled): 700 went back instead of 1000',
    ]);
  });

  it('may go back whole by a later wish for all that is left', async () => {
    const all = { id: 'all', amount: TAKEN, status: 'succeeded' };
    expect(await faultsOf({ ledger: [failed, all], refunds: [TAKEN] })).toEqual([]);
  });

  it('went back as often as the ledger says', async () => {
    const all = { id: 'all', amount: TAKEN, status: 'succeeded' };
    expect(await faultsOf({ ledger: [failed, all], refunds: [700] })).toContain(
      'pi of order: 700 went back, and the ledger says 1000',
    );
  });
});

describe('a dispute', () => {
  const dispute = (status: string) => ({ id: 'dp', status, amount: 400 });
  const row = (status: string) => ({ id: 'taken', amount: 400, status, cause: 'dispute', providerRefundId: 'dp' });

  it('is in the ledger, and ended there as at the provider', async () => {
    const of = (is: string, ledger: Row[]) => faultsOf({ status: 'paid', disputes: [dispute(is)], ledger });
    expect(await of('won', [row('failed')])).toEqual([]);
    expect(await of('lost', [row('succeeded')])).toEqual([]);
    expect(await of('needs_response', [row('pending')])).toEqual([]);
    expect(await of('won', [])).toEqual(['the dispute dp is won, and missing in the ledger']);
    expect(await of('won', [row('pending')])).toEqual(['the dispute dp is won, and pending in the ledger']);
    expect(await of('lost', [row('failed')])).toContain('the dispute dp is lost, and failed in the ledger');
  });

  it('that was won leaves a canceled order its money to be given back', async () => {
    expect(await faultsOf({ disputes: [dispute('won')], ledger: [row('failed')] })).toEqual([
      'pi of order (canceled): 0 went back instead of 1000',
    ]);
  });
});
