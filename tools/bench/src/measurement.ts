/** What one run at one number of connections found. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not 200, and calls without an answer. */
  readonly errors: number;
  /** What the first of them said. */
  readonly firstError?: string | undefined;
  /** How much of what else was going on came to its end. */
  readonly meanwhile?: number;
}

export interface ProcessCost {
  readonly cpuSecondsPerThousand: number;
  readonly rssMegabytes: number;
}

export interface Measurement extends Load {
  readonly scenario: string;
  /** The shop, or the bare route beside it. */
  readonly target: 'shop' | 'limit';
  readonly connections: number;
  readonly perSecond: number;
  readonly processes: Readonly<Record<string, ProcessCost>>;
  readonly cpuSecondsPerThousand: number;
}

/** The value below which `share` of the sorted values lie (nearest rank); 0 when there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? 0;
}
