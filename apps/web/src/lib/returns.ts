import type { RouterOutputs } from '@cartwright/sdk';

type Order = Pick<RouterOutputs['orders']['byId'], 'lines' | 'shipments' | 'timeline'>;

const DAY_MS = 86_400_000;

/** Until when the return of something can be asked for; null where nothing can be, or not any more. The shop decides. */
export function returnableUntil({ lines, shipments, timeline }: Order, windowDays: number, now: Date): Date | null {
  if (!lines.some(({ progress }) => progress.returnable > 0)) return null;
  const parcels = shipments.flatMap(({ deliveredAt }) => deliveredAt ?? []);
  const arrived =
    shipments.length > 0 ? parcels : timeline.flatMap(({ kind, at }) => (kind === 'order.delivered' ? at : []));
  const last = Math.max(...arrived.map((moment) => moment.getTime()));
  const until = new Date(last + windowDays * DAY_MS);
  return until >= now ? until : null;
}
