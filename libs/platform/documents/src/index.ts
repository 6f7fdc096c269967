export { CsvFormatError, readCsv } from './csv-reader.ts';
export type { CsvLimits, CsvRow } from './csv-reader.ts';
export { csvLine, withoutGuard } from './csv-writer.ts';
