import type { RouterInputs } from '@cartwright/sdk';
import type { OrderFilters } from './order-activity.ts';
import { compact } from './search-params.ts';

/** What the address of the list asks for as the call takes it; days are those of the reader, the last one included. */
export function orderListInput(search: OrderFilters & { from?: string }): RouterInputs['admin']['orders']['exportCsv'] {
  const { q, status, payment, parcel, returns, from, to } = search;
  return compact({
    query: q,
    status,
    paymentStatus: payment,
    fulfillmentStatus: parcel,
    returnRequested: returns === 'asked' ? true : undefined,
    from: from === undefined ? undefined : startOf(from, 0),
    to: to === undefined ? undefined : startOf(to, 1),
  });
}

/** The beginning of a calendar day where the reader is, or of one so many days later. */
function startOf(day: string, later: number): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later);
}
