import { noSuch } from '../core/api-error.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import { bool, list, optional, text } from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';

const expand = optional(list(text()));

export const eventRoutes: Route[] = [
  route(
    'GET',
    '/v1/events',
    {
      ...pageParams,
      type: optional(text()),
      types: optional(list(text(), { max: 20 })),
      created: createdParam,
      delivery_success: optional(bool()),
    },
    (call) => {
      const { type, types, created, delivery_success: delivered } = call.params;
      const rows = call.context.store
        .list('events')
        .filter(
          (row) =>
            (type === undefined || matchesType(row.type, type)) &&
            (types === undefined || types.some((wanted) => matchesType(row.type, wanted))) &&
            (delivered === undefined || (row.pending_webhooks === 0) === delivered) &&
            inRange(row.created, created),
        );
      return pageOf(rows, call.params, '/v1/events', 'event');
    },
  ),
  route('GET', '/v1/events/:id', { expand }, ({ context, path }) => {
    const event = context.store.get('events', pathId(path));
    if (!event) throw noSuch('event', pathId(path));
    return event;
  }),
];

/** `charge.*` stands for every type that begins with `charge.`. */
function matchesType(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/** What was charged less what was refunded, by currency; fees are not simulated. */
export const balanceRoutes: Route[] = [
  route('GET', '/v1/balance', { expand }, ({ context }) => {
    const sums = new Map<string, number>();
    for (const charge of context.store.list('charges')) {
      if (charge.status !== 'succeeded') continue;
      const net = charge.amount_captured - charge.amount_refunded;
      sums.set(charge.currency, (sums.get(charge.currency) ?? 0) + net);
    }
    const available = [...sums].map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));
    return { object: 'balance', available, pending: [], livemode: context.livemode };
  }),
];
