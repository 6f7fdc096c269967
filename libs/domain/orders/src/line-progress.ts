import type { FulfillmentStatus } from './order-state.ts';

interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

/** What is known of an order's goods on their way. */
export interface GoodsMoved {
  readonly fulfillmentStatus: FulfillmentStatus;
  readonly lines: readonly Pieces[];
  readonly shipments: readonly { readonly lines: readonly Pieces[]; readonly deliveredAt?: Date | undefined }[];
  readonly returns: readonly { readonly lines: readonly Pieces[] }[];
  /** Pieces given up before they were sent: refunded, and not sent any more. */
  readonly withdrawn: readonly Pieces[];
  /** Pieces that were sent and lie on the shelf again. */
  readonly restocked: readonly Pieces[];
}

/**
 * Where the pieces of a line are. Delivered and returned ones are counted among the shipped. What was sent and lies on the
 * shelf again has come back, whether that was written down as a return or with a refund.
 */
export interface LineProgress {
  readonly lineId: string;
  readonly ordered: number;
  readonly withdrawn: number;
  readonly shipped: number;
  readonly delivered: number;
  readonly returned: number;
  readonly restocked: number;
  /** Still to be sent. */
  readonly open: number;
}

/**
 * Where the pieces of each line are. An order that went its way without parcels being written down, such as one from another
 * system, counts as sent whole.
 */
export function lineProgress(goods: GoodsMoved): LineProgress[] {
  const { fulfillmentStatus: status, shipments, returns } = goods;
  const isUnrecorded =
    shipments.length === 0 && (status === 'shipped' || status === 'delivered' || status === 'returned');
  const delivered = shipments.filter(({ deliveredAt }) => deliveredAt !== undefined);
  return goods.lines.map(({ lineId, quantity: ordered }) => {
    const sum = (pieces: readonly Pieces[]) =>
      pieces.reduce((total, line) => total + (line.lineId === lineId ? line.quantity : 0), 0);
    const withdrawn = sum(goods.withdrawn);
    const restocked = sum(goods.restocked);
    const shipped = isUnrecorded ? ordered - withdrawn : sum(shipments.flatMap(({ lines }) => lines));
    const isArrived = isUnrecorded && status !== 'shipped';
    const isReturned = isUnrecorded && status === 'returned' && returns.length === 0;
    return {
      lineId,
      ordered,
      withdrawn,
      shipped,
      delivered: isArrived ? shipped : sum(delivered.flatMap(({ lines }) => lines)),
      // One that came back first and was put on the shelf later is told of by both.
      returned: isReturned ? shipped : Math.max(sum(returns.flatMap(({ lines }) => lines)), restocked),
      restocked,
      open: ordered - withdrawn - shipped,
    };
  });
}
