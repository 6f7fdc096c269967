export { CsvFormatError, readCsv } from './csv-reader.ts';
export type { CsvLimits, CsvRow } from './csv-reader.ts';
export { csvHead, csvLine, withoutGuard } from './csv-writer.ts';
export { createPrinter } from './print.ts';
export type { Printer } from './print.ts';
export type { PrintedBlock, PrintedColumn, PrintedDocument, PrintedRow } from './printed-document.ts';
