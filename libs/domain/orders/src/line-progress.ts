import type { FulfillmentStatus } from './order-state.ts';
import { piecesBack, type Takeback } from './takebacks.ts';

interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

/** What is known of an order's goods on their way. */
export interface GoodsMoved {
  readonly fulfillmentStatus: FulfillmentStatus;
  readonly lines: readonly Pieces[];
  readonly shipments: readonly { readonly lines: readonly Pieces[]; readonly deliveredAt?: Date | undefined }[];
  /** Pieces given up before they were sent: refunded, and not sent any more. */
  readonly withdrawn: readonly Pieces[];
  /** Pieces that were sent and came back. */
  readonly takebacks: readonly Takeback[];
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
  const { fulfillmentStatus: status, shipments, takebacks } = goods;
  const isUnrecorded =
    shipments.length === 0 && (status === 'shipped' || status === 'delivered' || status === 'returned');
  const delivered = shipments.filter(({ deliveredAt }) => deliveredAt !== undefined);
  return goods.lines.map(({ lineId, quantity: ordered }) => {
    const sum = (pieces: readonly Pieces[]) =>
      pieces.reduce((total, line) => total + (line.lineId === lineId ? line.quantity : 0), 0);
    const withdrawn = sum(goods.withdrawn);
    const shipped = isUnrecorded ? ordered - withdrawn : sum(shipments.flatMap(({ lines }) => lines));
    const isArrived = isUnrecorded && status !== 'shipped';
    const isReturned = isUnrecorded && status === 'returned' && !takebacks.some(({ returned }) => returned > 0);
    const back = piecesBack(takebacks.filter((takeback) => takeback.lineId === lineId));
    return {
      lineId,
      ordered,
      withdrawn,
      shipped,
      delivered: isArrived ? shipped : sum(delivered.flatMap(({ lines }) => lines)),
      // Clocks of two machines may differ: what they tell never adds up to more than was sent.
      returned: isReturned ? shipped : Math.min(back.returned, shipped),
      restocked: back.restocked,
      open: ordered - withdrawn - shipped,
    };
  });
}
