import type { LineProgress } from './line-progress.ts';

interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

/** What a buyer asked to send back, and what became of it. */
export interface AskedReturn {
  readonly lines: readonly Pieces[];
  readonly status: 'asked' | 'accepted' | 'declined';
}

/** What is known of the goods a buyer has. */
export interface DeliveredGoods {
  readonly lines: readonly LineProgress[];
  readonly shipments: readonly { readonly lines: readonly Pieces[]; readonly deliveredAt?: Date | undefined }[];
  readonly requests: readonly AskedReturn[];
  /** When an order of which no parcels were written down arrived. */
  readonly arrivedAt?: Date | undefined;
}

/** How many pieces of a line a buyer may ask to send back: at all, and within the time for it. */
export interface ReturnablePieces {
  readonly lineId: string;
  readonly quantity: number;
  readonly inTime: number;
}

/**
 * What may be asked for of each line: delivered pieces that are not back and that nobody asked for yet. Those of an accepted
 * request are counted once, as asked for or as back. A piece is in time until `windowMs` after its parcel arrived.
 */
export function returnablePieces(
  { lines, shipments, requests, arrivedAt }: DeliveredGoods,
  { now, windowMs }: { readonly now: Date; readonly windowMs: number },
): ReturnablePieces[] {
  const isInTime = (moment: Date | undefined): boolean =>
    moment !== undefined && now.getTime() <= moment.getTime() + windowMs;
  const sum = (lineId: string, pieces: readonly Pieces[]) =>
    pieces.reduce((total, line) => total + (line.lineId === lineId ? line.quantity : 0), 0);
  const of = (status: AskedReturn['status']) =>
    requests.filter((request) => request.status === status).flatMap((request) => request.lines);
  const young = shipments.filter(({ deliveredAt }) => isInTime(deliveredAt)).flatMap((parcel) => parcel.lines);
  return lines.map(({ lineId, delivered, returned, restocked }) => {
    const gone = Math.max(returned, restocked, sum(lineId, of('accepted'))) + sum(lineId, of('asked'));
    const quantity = Math.max(0, delivered - gone);
    const arrived = shipments.length > 0 ? sum(lineId, young) : isInTime(arrivedAt) ? delivered : 0;
    return { lineId, quantity, inTime: Math.min(quantity, arrived) };
  });
}
