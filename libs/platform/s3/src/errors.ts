import { S3ServiceException } from '@aws-sdk/client-s3';
import { DomainError } from '@cartwright/domain-errors';

/** Whether the store said that there is no such object. A HEAD's answer has no body, hence a name of its own. */
export const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');

/** Our own words pass; whatever the store or the way to it came up with is one thing to callers: it can't be had now. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new DomainError('SERVICE_UNAVAILABLE', { service: 'files' }, { cause: error });
  }
}
