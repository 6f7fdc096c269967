import { isCartwrightError, isTemporary } from '@cartwright/sdk';
import type { ErrorReason } from '@cartwright/sdk';

/** The published reason of a refusal; NETWORK when no answer came. Undefined for errors of this page itself. */
export function reasonOf(error: unknown): ErrorReason | undefined {
  return isCartwrightError(error) ? error.reason : undefined;
}

/** Whether the shop said no and changed nothing; not so when it couldn't answer, or nobody knows what became of it. */
export function isRefusal(error: unknown): boolean {
  return isCartwrightError(error) && !isTemporary(error) && error.reason !== 'INTERNAL';
}
