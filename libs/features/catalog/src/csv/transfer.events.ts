import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** Somebody wants a file of products read. */
export const csvImportRequested = defineEvent({
  type: 'catalog.csv-import-requested',
  version: 1,
  payload: z.object({ importId: z.string() }),
});

/** Somebody wants all products in a file. */
export const csvExportRequested = defineEvent({
  type: 'catalog.csv-export-requested',
  version: 1,
  payload: z.object({ exportId: z.string() }),
});
