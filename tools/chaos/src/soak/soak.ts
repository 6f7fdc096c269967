/** What a soak came to. */
export interface SoakResult {
  /** What must never be, in words. */
  readonly violations: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}
