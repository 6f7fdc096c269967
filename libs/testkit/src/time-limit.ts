/** By how much a machine that is busy with other things may be slower. */
const PATIENCE = 10;

/**
 * How long a test waits for what is promised within so many milliseconds. A busy machine breaks no promise, so that is ten
 * times as long: it shows that the news comes, not how soon. With CARTWRIGHT_TIMED=1, on a quiet machine, it is the promise to
 * the letter.
 */
export const timeLimit = (milliseconds: number): number =>
  process.env['CARTWRIGHT_TIMED'] === '1' ? milliseconds : milliseconds * PATIENCE;
