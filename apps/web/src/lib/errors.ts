import { isCartwrightError } from '@cartwright/sdk';
import type { ErrorReason } from '@cartwright/sdk';

/** The published reason of a refusal; NETWORK when no answer came. Undefined for errors of this page itself. */
export function reasonOf(error: unknown): ErrorReason | undefined {
  return isCartwrightError(error) ? error.reason : undefined;
}
