/** Where a copy of what is available is kept for reading; older versions must be dropped there. */
export interface AvailabilityPort {
  applyStock(change: { variantId: string; available: number; version: number }): Promise<unknown>;
  /** Tells those who look at the products of these variants, once per event. */
  announce(variantIds: readonly string[], eventId: string): Promise<void>;
}
