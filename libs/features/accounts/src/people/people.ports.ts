/** How many orders somebody has, by status. */
export interface OrderCountsPort {
  countsOf(userId: string): Promise<{ total: number; pending: number; paid: number; canceled: number }>;
}
