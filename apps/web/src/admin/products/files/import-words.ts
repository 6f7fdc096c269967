import type { RouterOutputs } from '@cartwright/sdk';

export type ImportReportData = RouterOutputs['admin']['products']['importStatus'];

/** Whether nothing more comes of it. */
export const isOver = ({ state }: Pick<ImportReportData, 'state'>): boolean =>
  state === 'done' || state === 'refused' || state === 'failed';

const products = (count: number): string => (count === 1 ? '1 product' : `${count} products`);

/** How far an import is, in a sentence. */
export function importWords(report: ImportReportData): string {
  const { state, dryRun, applied, created, updated, unchanged, skipped, errorCount } = report;
  switch (state) {
    case 'pending':
      return 'Waiting for its turn…';
    case 'checking':
      return 'Looking at the file…';
    case 'applying':
      return `${applied} of ${products(report.products)} done…`;
    case 'refused':
      return `Nothing was changed: ${errorCount === 1 ? 'something is' : `${errorCount} things are`} wrong in it.`;
    case 'failed':
      return 'It could not be finished. Please send the file again.';
    case 'done': {
      const verb = dryRun ? 'would be' : created === 1 ? 'was' : 'were';
      const left = skipped === 0 ? '' : `, ${skipped} passed over`;
      return `${products(created)} ${verb} created, ${updated} changed, ${unchanged} left as they are${left}.`;
    }
  }
}
