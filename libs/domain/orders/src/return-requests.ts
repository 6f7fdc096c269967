import type { LineProgress } from './line-progress.ts';
import { piecesBack, type Takeback } from './takebacks.ts';

interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

/** What a buyer asked to send back, and what became of it. */
export interface AskedReturn {
  readonly at: Date;
  readonly lines: readonly Pieces[];
  readonly status: 'asked' | 'accepted' | 'declined';
}

/** What is known of goods that came back. */
export interface ReturnedGoods {
  readonly lines: readonly LineProgress[];
  readonly requests: readonly AskedReturn[];
  /** When which pieces came back, or were put on the shelf again by a refund. */
  readonly takebacks: readonly Takeback[];
}

/** What is known of the goods a buyer has. */
export interface DeliveredGoods extends ReturnedGoods {
  readonly shipments: readonly { readonly lines: readonly Pieces[]; readonly deliveredAt?: Date | undefined }[];
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
 * What may be asked for of each line: delivered pieces that are not back and that nobody asked for yet.
 *
 * Nobody writes down why a piece came back. It is taken for one of an accepted request that was made before and still waits
 * for pieces; without such a one, for one that was sent and did not arrive, such as of a refused parcel; and else for one that
 * the buyer sent unasked. So accepted pieces are counted once, as asked for or as back.
 *
 * A piece is in time until `windowMs` after its parcel arrived. A request takes those whose time ends first, of those that
 * were in time when it was made; what came back unasked, those that are left the longest.
 */
export function returnablePieces(
  { lines, shipments, requests, takebacks, arrivedAt }: DeliveredGoods,
  { now, windowMs }: { readonly now: Date; readonly windowMs: number },
): ReturnablePieces[] {
  return lines.map((line) => {
    const { lineId, delivered, shipped } = line;
    const claims = requests
      .filter(({ status }) => status !== 'declined')
      .map((request) => ({ ...request, quantity: piecesIn(lineId, request.lines) }))
      .sort((a, b) => a.at.getTime() - b.at.getTime());
    const accepted = claims.filter(({ status }) => status === 'accepted');
    const unasked = Math.max(0, unexplained({ line, accepted, takebacks }) - (shipped - delivered));
    const quantity = Math.max(0, delivered - sumOf(claims.map((claim) => claim.quantity)) - unasked);

    const parcels =
      shipments.length > 0
        ? shipments.map((parcel) => ({ at: parcel.deliveredAt, left: piecesIn(lineId, parcel.lines) }))
        : [{ at: arrivedAt, left: delivered }];
    const arrived = parcels
      .flatMap(({ at, left }) => (at ? { at: at.getTime(), left } : []))
      .sort((a, b) => a.at - b.at);
    const inTimeAt = (moment: Date) =>
      arrived.filter(({ at }) => at <= moment.getTime() && moment.getTime() <= at + windowMs);
    // Times can have been longer when some of them were asked for.
    const others = sumOf(claims.map((claim) => take(inTimeAt(claim.at), claim.quantity)));
    take([...arrived].reverse(), others + unasked);
    return { lineId, quantity, inTime: Math.min(quantity, sumOf(inTimeAt(now).map(({ left }) => left))) };
  });
}

interface Claim {
  readonly at: Date;
  readonly quantity: number;
}

interface UnexplainedInput {
  readonly line: LineProgress;
  readonly accepted: readonly Claim[];
  readonly takebacks: readonly Takeback[];
}

/**
 * Whether each parcel of a line arrived or came back, as far as it is known: by the same rule, what came back and was not asked
 * for is taken for what did not arrive.
 */
export function isNoneUnderWay({ lines, requests, takebacks }: ReturnedGoods): boolean {
  const accepted = requests.filter(({ status }) => status === 'accepted');
  return lines.every((line) => {
    const claims = accepted.map(({ at, lines: asked }) => ({ at, quantity: piecesIn(line.lineId, asked) }));
    return line.shipped - line.delivered <= unexplained({ line, accepted: claims, takebacks });
  });
}

const piecesIn = (lineId: string, pieces: readonly Pieces[]): number =>
  sumOf(pieces.map((line) => (line.lineId === lineId ? line.quantity : 0)));

/**
 * How many pieces are back that no accepted request explains. What was back before a request is none of its pieces, so that
 * it and those after it wait for whatever did not come since.
 */
function unexplained({ line, accepted, takebacks }: UnexplainedInput): number {
  const own = takebacks.filter(({ lineId }) => lineId === line.lineId);
  const backBefore = (moment: Date) => piecesBack(own.filter(({ at }) => at < moment)).returned;
  const waiting = accepted.map(
    ({ at }, index) => backBefore(at) + sumOf(accepted.slice(index).map(({ quantity }) => quantity)),
  );
  return Math.max(line.returned, ...waiting) - sumOf(accepted.map(({ quantity }) => quantity));
}

/** Takes so many pieces off the parcels, the first ones first. Answers how many they lack. */
function take(parcels: readonly { left: number }[], quantity: number): number {
  let wanted = quantity;
  for (const parcel of parcels) {
    const taken = Math.min(parcel.left, wanted);
    parcel.left -= taken;
    wanted -= taken;
  }
  return wanted;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
