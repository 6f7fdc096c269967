/** Spreadsheets run cells that begin so as formulas (OWASP, CSV injection); the apostrophe itself is guarded to be told apart. */
const RUNS = /^[=+\-@\t\r']/;
const GUARDED = /^'[=+\-@\t\r']/;

/**
 * A line of a table as RFC 4180 has it, its end included. Cells that a spreadsheet would run get an apostrophe in front,
 * which `withoutGuard` takes off again.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(text: string): string {
  const guarded = RUNS.test(text) ? `'${text}` : text;
  return /[",;\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Spreadsheets take a file for UTF-8 by it. */
const BYTE_ORDER_MARK = '\uFEFF';

/** The first line of a table. */
export const csvHead = (names: readonly string[]): string => BYTE_ORDER_MARK + csvLine(names);

/** A cell's text without the apostrophe that `csvLine` put in front of it. */
export const withoutGuard = (cell: string): string => (GUARDED.test(cell) ? cell.slice(1) : cell);
