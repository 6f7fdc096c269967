/** A text cut at ranges, in order; ranges that overlap or lie outside mark nothing twice and nothing that isn't there. */
export function piecesOf(
  text: string,
  ranges: readonly (readonly [start: number, end: number])[],
): { piece: string; marked: boolean }[] {
  const pieces: { piece: string; marked: boolean }[] = [];
  let at = 0;
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    const from = Math.max(at, start);
    if (end <= from || from >= text.length) continue;
    if (from > at) pieces.push({ piece: text.slice(at, from), marked: false });
    pieces.push({ piece: text.slice(from, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ piece: text.slice(at), marked: false });
  return pieces;
}
