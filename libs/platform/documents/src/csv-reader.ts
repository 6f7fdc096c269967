import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse, type Info } from 'csv-parse';

/** A row of a table, and the line of the file where it begins, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvLimits {
  /** Rows, the head included. */
  readonly rows: number;
  /** Characters of one row. */
  readonly rowLength: number;
}

/** What is no table of comma-separated values, or too large a one. The message is fit for whoever made the file. */
export class CsvFormatError extends Error {
  override readonly name = 'CsvFormatError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Fed in pieces, so that whatever else this process does has its turn in between. */
const PIECE_BYTES = 64 * 1024;

const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quoted cell does not end',
  CSV_INVALID_CLOSING_QUOTE: 'A quoted cell goes on after its end',
  INVALID_OPENING_QUOTE: 'A quote stands in the middle of a cell',
  CSV_MAX_RECORD_SIZE: 'A row is too long',
};

/**
 * The rows of a file as RFC 4180 has it: UTF-8 with or without a byte order mark, any kind of line end, quotes. A file
 * whose first line separates by semicolons alone, as some spreadsheets write it, is read so. Empty lines are passed over.
 * Throws a CsvFormatError for anything else, when it comes to it.
 */
export async function* readCsv(bytes: Uint8Array, limits: CsvLimits): AsyncGenerator<CsvRow> {
  const text = decoded(bytes);
  const read: Parsed[] = [];
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(text),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: limits.rowLength,
    // Called as soon as a row is there: of a stream, rows right before an error would be lost.
    on_record: (record: string[], info: Info) => {
      read.push({ record, lines: info.lines, empty: info.empty_lines });
      return null;
    },
  });
  const ended = finished(parser.resume());
  // Thrown when it is waited for; until then nobody has to know.
  ended.catch(() => undefined);
  const seen = { rows: 0, lines: 0, empty: 0 };
  const next = ({ record, lines, empty }: Parsed): CsvRow => {
    const line = seen.lines + (empty - seen.empty) + 1;
    seen.rows += 1;
    if (seen.rows > limits.rows) throw new CsvFormatError(line, `More than ${limits.rows} rows`);
    seen.lines = lines;
    seen.empty = empty;
    return { line, cells: record };
  };
  try {
    for (const piece of piecesOf(bytes)) {
      parser.write(piece);
      await setImmediate();
      for (const parsed of read.splice(0)) yield next(parsed);
      if (parser.errored) break;
    }
    parser.end();
    await ended;
    for (const parsed of read.splice(0)) yield next(parsed);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    for (const parsed of read.splice(0)) yield next(parsed);
    // Of a cell without an end, the beginning is more telling than the end of the file.
    const named = error.code === 'CSV_QUOTE_NOT_CLOSED' ? undefined : / at line (\d+)/.exec(error.message)?.[1];
    const line = Number(named ?? seen.lines + 1);
    throw new CsvFormatError(line, WORDS[error.code] ?? 'This is not a table of comma-separated values');
  } finally {
    parser.destroy();
  }
}

interface Parsed {
  readonly record: string[];
  /** Lines of the file up to the end of the row, and those of them that are empty. */
  readonly lines: number;
  readonly empty: number;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CsvFormatError(1, 'The file is not UTF-8 text');
  }
}

function delimiterOf(text: string): ',' | ';' {
  const end = text.search(/[\r\n]/);
  const head = end < 0 ? text.slice(0, 10_000) : text.slice(0, end);
  return head.includes(';') && !head.includes(',') ? ';' : ',';
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}
