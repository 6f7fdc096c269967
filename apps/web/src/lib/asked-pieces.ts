import type { RouterOutputs } from '@cartwright/sdk';

type Order = Pick<RouterOutputs['admin']['orders']['byId'], 'lines' | 'returnRequests'>;
type Line = Order['lines'][number];
type Request = Order['returnRequests'][number];
type Pieces = Request['lines'];

/** How many of which line, as far as there are so many left of it. */
export function askedPieces(
  { lines }: Pick<Order, 'lines'>,
  pieces: Pieces,
  maximumOf: (line: Line) => number,
): Record<string, number> {
  const asked = new Map(pieces.map(({ lineId, quantity }) => [lineId, quantity]));
  return Object.fromEntries(
    lines.flatMap((line) => {
      const count = Math.min(asked.get(line.lineId) ?? 0, maximumOf(line));
      return count > 0 ? [[line.lineId, count]] : [];
    }),
  );
}

/**
 * Of pieces that came back, those whose money may be given back: what was asked for as far as it is `unpaid`, and whatever came
 * besides.
 */
export function piecesToRefund(pieces: Pieces, asked: Readonly<Record<string, number>>, unpaid: Pieces): Pieces {
  const most = new Map(unpaid.map(({ lineId, quantity }) => [lineId, quantity]));
  return pieces.flatMap(({ lineId, quantity }) => {
    const besides = Math.max(0, quantity - (asked[lineId] ?? 0));
    const count = besides + Math.min(quantity - besides, most.get(lineId) ?? 0);
    return count > 0 ? [{ lineId, quantity: count }] : [];
  });
}

/**
 * The pieces of a return that are still to come back, or to be refunded. Which ones did is written down nowhere: they are taken
 * for those of the accepted returns, the first ones first. So a piece that came, or was refunded, beside any return is rather
 * counted for one of them than offered twice. One that was refunded because it was never sent is none of them.
 */
export function waitingPieces(
  { lines, returnRequests }: Order,
  request: Request,
  what: 'returned' | 'refunded',
): Pieces {
  const index = returnRequests.findIndex(({ id }) => id === request.id);
  const others = returnRequests.filter(
    ({ id, status }, position) =>
      id !== request.id && status === 'accepted' && (request.status === 'asked' || position < index),
  );
  const piecesOf = (lineId: string, pieces: Pieces): number =>
    pieces.reduce((sum, line) => sum + (line.lineId === lineId ? line.quantity : 0), 0);
  return request.lines.map(({ lineId, quantity }) => {
    const progress = lines.find((line) => line.lineId === lineId)?.progress;
    const done = progress ? progress[what] - (what === 'refunded' ? progress.withdrawn : 0) : 0;
    const before = others.reduce((sum, other) => sum + piecesOf(lineId, other.lines), 0);
    return { lineId, quantity: Math.max(0, quantity - Math.max(0, done - before)) };
  });
}
