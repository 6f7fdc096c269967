import type { DifferenceKind, DifferenceSubject } from './reconciliation.contracts.ts';

/** Two places that should say the same, and don't. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly subject: DifferenceSubject;
  readonly expected: string;
  readonly found: string;
  /** What it means, for people. */
  readonly text: string;
}
