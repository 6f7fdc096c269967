/** The largest distance from 1970 that JavaScript's dates reach, in milliseconds. */
const MAX_DATE_MS = 8_640_000_000_000_000n;

/**
 * A date further from 1970 than JavaScript's dates reach: BSON's have 64 bits of milliseconds. It is kept, compared and
 * counted with exactly; it has no parts, such as a year, that anybody could ask for.
 */
export class FarDate extends Date {
  readonly exact: bigint;

  constructor(exact: bigint) {
    super(NaN);
    this.exact = exact;
  }

  /** The nearest number. */
  override getTime(): number {
    return Number(this.exact);
  }

  override valueOf(): number {
    return this.getTime();
  }

  /** As MongoDB shows dates that it has no form for. */
  override toISOString(): string {
    return `Date(${this.exact})`;
  }
}

/** The date at so many milliseconds from 1970. @throws RangeError beyond 64 bits. */
export function dateAt(milliseconds: bigint): Date {
  if (BigInt.asIntN(64, milliseconds) !== milliseconds) throw new RangeError('a date has 64 bits');
  const near = milliseconds <= MAX_DATE_MS && milliseconds >= -MAX_DATE_MS;
  return near ? new Date(Number(milliseconds)) : new FarDate(milliseconds);
}

/** The milliseconds of a date, exactly. */
export function millisecondsOf(date: Date): bigint {
  return date instanceof FarDate ? date.exact : BigInt(date.getTime());
}
