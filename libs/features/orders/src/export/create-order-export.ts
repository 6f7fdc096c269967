import {
  createExports,
  type ExportContent,
  type ExportFiles,
  type ExportKind,
  type ExportPage,
  type ExportStatus,
} from '@cartwright/platform-exports';
import type { Mongo } from '@cartwright/platform-mongo';
import { defineOutsideHandler, type Outbox } from '@cartwright/platform-outbox';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { Order } from '../order.ts';
import type { OrderFilter, OrderRepository } from '../order-repository.ts';
import { orderSearch } from '../order-search.ts';
import { orderCsvHead, orderCsvLines } from './order-csv.ts';
import type { OrderExportDto, OrderWish } from './order-export.contracts.ts';
import { exportOrdersJob, orderExportRequested, type orderExportJobs } from './order-export.jobs.ts';

/** Orders that are held at once. */
const PAGE = 100;

/** Files of orders, put together: asking for them, how far they are, and what a worker does. */
export function createOrderExport({
  orders,
  ...ports
}: {
  orders: Pick<OrderRepository, 'page' | 'pageByAddress' | 'count' | 'byNumber'>;
  mongo: Pick<Mongo, 'transaction' | 'connection'>;
  outbox: Pick<Outbox, 'append'>;
  queues: Pick<Queues, 'enqueue'>;
  files: ExportFiles;
  clock: () => Date;
}) {
  /**
   * The newest first: what is placed meanwhile comes before them, and is in no page. Those of addresses that begin in some way come
   * address by address: by age, each page would sort all of them.
   */
  async function* pages(filter: OrderFilter): AsyncGenerator<ExportPage> {
    const isByAddress = filter.emailPrefix !== undefined && filter.from === undefined && filter.to === undefined;
    const read = isByAddress ? orders.pageByAddress : orders.page;
    for (let before: Order | undefined, isMore = true; isMore;) {
      const found = await read(filter, PAGE, before);
      const page = found.slice(0, PAGE);
      if (page.length > 0) yield { text: page.map(orderCsvLines).join(''), count: page.length };
      before = page.at(-1);
      isMore = found.length > PAGE;
    }
  }

  async function open({ query, ...states }: OrderWish): Promise<ExportContent> {
    const filter = { ...states, ...(await orderSearch(orders, query)) };
    return { head: orderCsvHead(), total: await orders.count(filter), pages: pages(filter) };
  }

  const kind: ExportKind<OrderWish> = {
    ...{ name: 'orders', collection: 'order_exports', requested: orderExportRequested, job: exportOrdersJob, open },
  };
  const exports = createExports({ kind, ...ports });
  const processors: ProcessorsFor<typeof orderExportJobs> = {
    'orders.export-csv': ({ exportId }, { signal }) => exports.run(exportId, signal),
    'orders.sweep-exports': (_payload, { signal }) => exports.sweep(signal),
  };
  return {
    orderExport: {
      /**
       * Has the orders that a filter finds written to a file; the same one that the caller waits for already, where there
       * is one. Throws SERVICE_UNAVAILABLE in a shop that has no place for files.
       */
      ask: async (userId: string, wish: OrderWish): Promise<OrderExportDto> => toDto(await exports.ask(userId, wish)),

      /** With an address of the file once it is there. Throws NOT_FOUND, also for exports of others and after a day. */
      status: async (userId: string, exportId: string): Promise<OrderExportDto> =>
        toDto(await exports.status(userId, exportId)),
    },
    orderExportProcessors: processors,
    orderExportHandlers: [
      defineOutsideHandler({
        name: 'orders.begin-csv-export',
        event: orderExportRequested,
        handle: ({ payload }) => ports.queues.enqueue(exportOrdersJob, payload),
      }),
    ],
  };
}

export type OrderExport = ReturnType<typeof createOrderExport>['orderExport'];

const toDto = ({ written, ...status }: ExportStatus): OrderExportDto => ({ ...status, orders: written });
