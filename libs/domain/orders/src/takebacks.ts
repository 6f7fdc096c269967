/**
 * Pieces of a line that came back at a moment: entered as a return, of which some may go on sale again, or put on the shelf by
 * a refund, which says nothing of any return.
 */
export interface Takeback {
  readonly at: Date;
  readonly lineId: string;
  readonly returned: number;
  readonly restocked: number;
}

/**
 * How many pieces are back, and how many of them lie on the shelf. A refund that puts pieces there means those first that came
 * back before it and were left off the shelf; what it puts there beyond them has come back with it. What comes back after it
 * is another piece. So they are counted in the order they happened.
 */
export function piecesBack(takebacks: readonly Takeback[]): { returned: number; restocked: number } {
  const inOrder = [...takebacks].sort((a, b) => a.at.getTime() - b.at.getTime());
  let [returned, restocked] = [0, 0];
  for (const takeback of inOrder) {
    restocked += takeback.restocked;
    // Nothing lies on the shelf that is not back.
    returned = Math.max(returned + takeback.returned, restocked);
  }
  return { returned, restocked };
}
