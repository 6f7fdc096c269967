import type { PersonalDataSource } from '@cartwright/feature-accounts';
import type { InvoiceRepository } from './invoice-repository.ts';
import type { BilledOrders } from './invoices.ports.ts';

const PAGE = 100;

/**
 * What documents know of a user: told when asked for. With the account's removal they stay as they are, as long as the law asks
 * for; they hang on orders alone, so nothing ties them to an account.
 */
export function createInvoicePersonalData({
  invoices,
  orders,
}: {
  invoices: Pick<InvoiceRepository, 'ofOrders'>;
  orders: Pick<BilledOrders, 'list'>;
}): PersonalDataSource {
  return {
    name: 'invoices',
    collect: async (userId) => {
      const all: unknown[] = [];
      for (let cursor: string | undefined; ;) {
        const { items, nextCursor } = await orders.list(userId, { limit: PAGE, cursor });
        const issued = await invoices.ofOrders(items.map(({ id }) => id));
        all.push(
          ...issued.map(({ kind, number, issuedAt, orderNumber, buyer, total: amount, currency, corrects }) => ({
            ...{ kind, number, issuedAt, orderNumber, buyer, total: { amount, currency } },
            ...(corrects === undefined ? {} : { corrects }),
          })),
        );
        if (nextCursor === null) return all;
        cursor = nextCursor;
      }
    },
  };
}
