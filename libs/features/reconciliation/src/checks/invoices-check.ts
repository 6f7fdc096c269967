import { money } from '@cartwright/domain-money';
import {
  DOCUMENT_KINDS,
  type DocumentContent,
  type DocumentKind,
  type Invoice,
  type InvoiceInspection,
  type NumberSeries,
} from '@cartwright/feature-invoices';
import type { Order, OrderInspection } from '@cartwright/feature-orders';
import type { Mongo } from '@cartwright/platform-mongo';
import { createWalk } from '../check.ts';
import type { Difference } from '../difference.ts';
import { moneyText } from './orders-check.ts';

/** An order waits so long at most until what it calls for is issued, when a queue is long. */
const WAITING_MAX_MS = 3_600_000;

export interface InvoiceFacts {
  readonly id: string;
  readonly order: Pick<Order, 'id' | 'number'>;
  readonly due: readonly DocumentContent[];
  readonly issued: readonly Invoice[];
  /** Whether nothing happened to the order for so long that everything due was issued, and nothing of it is under way. */
  readonly isSettled: boolean;
}

type Document = Pick<DocumentContent, 'kind' | 'source' | 'total' | 'currency' | 'lines'>;

const NAMES: Readonly<Record<DocumentKind, string>> = { invoice: 'invoice', credit_note: 'credit note' };
const keyOf = ({ kind, source }: Document): string => `${kind}/${source}`;
const sumOf = ({ lines }: Document): number => lines.reduce((sum, { total }) => sum + total, 0);
const amountOf = ({ total, currency }: Document): string => moneyText(money(total, currency));

/** An order has the documents that it calls for, over what it calls for, and no others. */
export function judgeInvoices({ order, due, issued, isSettled }: InvoiceFacts): Difference[] {
  const subject = { orderId: order.id, orderNumber: order.number };
  const has = new Map(issued.map((document) => [keyOf(document), document]));
  const found: Difference[] = [];
  for (const wanted of due) {
    const name = NAMES[wanted.kind];
    const document = has.get(keyOf(wanted));
    has.delete(keyOf(wanted));
    if (!document && isSettled) {
      found.push({
        kind: 'invoice_missing',
        subject,
        expected: `${name} over ${amountOf(wanted)}`,
        found: 'none',
        text: `The order calls for ${wanted.kind === 'invoice' ? 'an' : 'a'} ${name} that was not issued.`,
      });
    }
    if (!document) continue;
    const sum = sumOf(document);
    if (document.total === wanted.total && document.currency === wanted.currency && sum === document.total) continue;
    found.push({
      kind: 'invoice_differs',
      subject: { ...subject, documentNumber: document.number },
      expected: amountOf(wanted),
      found: `${amountOf(document)}, ${moneyText(money(sum, document.currency))} by its lines`,
      text: `The ${name} ${document.number} is over another amount than the order calls for.`,
    });
  }
  for (const document of has.values()) {
    found.push({
      kind: 'invoice_unknown',
      subject: { ...subject, documentNumber: document.number },
      expected: 'none',
      found: amountOf(document),
      text: `Nothing calls for the ${NAMES[document.kind]} ${document.number}.`,
    });
  }
  return found;
}

/** Numbers run from one to the last that was taken, each on one document. */
export function judgeSeries({ kind, taken, issued, last, missing }: NumberSeries): Difference[] {
  if (issued === taken && last === taken && missing === undefined) return [];
  const name = NAMES[kind];
  return [
    {
      kind: 'invoice_numbers',
      subject: missing === undefined ? {} : { documentNumber: missing },
      expected: `${taken} numbers from 1 on`,
      found: `${issued} documents, the last with ${last}`,
      text: missing
        ? `There is no ${name} with the number ${missing}.`
        : `More ${name} numbers were used than were taken.`,
    },
  ];
}

/** Orders with their invoices and credit notes, and the numbers of these. */
export function createInvoicesChecks({
  mongo,
  orders,
  invoices,
  settleMs,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderInspection, 'ids' | 'byIds'>;
  invoices: InvoiceInspection;
  /** A document is issued a moment after what calls for it: one of an order that changed since is left for the next run. */
  settleMs: number;
  clock: () => Date;
}) {
  return [
    createWalk<InvoiceFacts>({
      mongo,
      name: 'invoices',
      ids: orders.ids,
      async load(ids, tx) {
        const ago = (milliseconds: number): Date => new Date(clock().getTime() - milliseconds);
        const waiting = await invoices.waiting(ids, tx);
        const isWaiting = (id: string): boolean => (waiting.get(id)?.getTime() ?? 0) > ago(WAITING_MAX_MS).getTime();
        const issued = Map.groupBy(await invoices.ofOrders(ids, tx), ({ orderId }) => orderId);
        return (await orders.byIds(ids, tx)).map((order) => ({
          id: order.id,
          order,
          due: invoices.dueDocuments(order),
          issued: issued.get(order.id) ?? [],
          isSettled: order.updatedAt <= ago(settleMs) && !isWaiting(order.id),
        }));
      },
      judge: judgeInvoices,
    }),
    createWalk<NumberSeries & { id: DocumentKind }>({
      mongo,
      name: 'invoice_numbers',
      ids: async (after) => (after === undefined ? [...DOCUMENT_KINDS] : []),
      async load(ids, tx) {
        const found: (NumberSeries & { id: DocumentKind })[] = [];
        for (const kind of DOCUMENT_KINDS.filter((one) => ids.includes(one))) {
          found.push({ id: kind, ...(await invoices.series(kind, tx)) });
        }
        return found;
      },
      judge: judgeSeries,
    }),
  ];
}
