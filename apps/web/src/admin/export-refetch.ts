/** How soon it is asked again how far an export is. An address is good for five minutes. */
export const EXPORT_REFETCH_MS = { pending: 1_000, done: 4 * 60_000, failed: false } as const;
