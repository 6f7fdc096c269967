export { exportKey } from './export-key.ts';
export { createExports } from './exports.ts';
export type { ExportFiles, ExportKind, Exports, ExportStatus } from './exports.ts';
export type { ExportContent, ExportPage } from './run-export.ts';
