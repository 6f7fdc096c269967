/** A part of a document with a heading: an address, what it is about. */
export interface PrintedBlock {
  readonly heading: string;
  readonly lines: readonly string[];
}

export interface PrintedColumn {
  readonly heading: string;
  /** Its share of the page's width; those of all columns together are the whole. */
  readonly share: number;
  readonly align: 'left' | 'right';
}

export interface PrintedRow {
  readonly cells: readonly string[];
  /** More about the row, in small print below its first cell. */
  readonly detail?: string | undefined;
}

/** What a document says, from top to bottom. Texts stand as they are given: nothing is calculated or put into words here. */
export interface PrintedDocument {
  readonly title: string;
  /** Also what the file says of when it was made. */
  readonly date: Date;
  /** Who writes; the first line is a name. */
  readonly letterhead: readonly string[];
  /** Beside each other, two at most. */
  readonly blocks: readonly PrintedBlock[];
  readonly columns: readonly PrintedColumn[];
  readonly rows: readonly PrintedRow[];
  /** Below the table; the last one is the sum of all. */
  readonly sums: readonly { readonly label: string; readonly value: string }[];
  readonly notes: readonly string[];
}

/** Characters that say where text goes instead of saying something: controls, and those that turn its direction around. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu;

/** A text as it can be printed: one line, without controls and halves of characters. */
export const printable = (text: string): string => text.toWellFormed().replace(UNPRINTABLE, ' ').trim();
