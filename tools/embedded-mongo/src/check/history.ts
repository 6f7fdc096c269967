/** How a transaction ended for its client; `unknown` when the connection broke before the answer. */
export type Outcome = 'ok' | 'failed' | 'unknown';

export type MicroOp =
  | { readonly f: 'append'; readonly key: string; readonly value: number }
  | { readonly f: 'read'; readonly key: string; readonly values: readonly number[] };

/** One transaction on lists, as its client saw it. Times are places in the order of all events. */
export interface Txn {
  readonly id: number;
  readonly client: number;
  readonly start: number;
  /** Infinity when the outcome is unknown. */
  readonly end: number;
  readonly outcome: Outcome;
  readonly ops: readonly MicroOp[];
}

/** Something that must not happen. */
export interface Anomaly {
  readonly kind: string;
  readonly message: string;
}

export function describeTxn({ id, client, start, end, outcome, ops }: Txn): string {
  const parts = ops.map((op) =>
    op.f === 'append' ? `append(${op.key}, ${op.value})` : `read(${op.key}) = [${op.values.join(' ')}]`,
  );
  return `T${id} ${outcome} client ${client} @${start}..${end === Infinity ? '?' : end}: ${parts.join('; ')}`;
}
