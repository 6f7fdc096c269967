import { describe, expect, it } from 'vitest';
import { DomainError, REASONS, isDomainError, isReason, notFound } from './index.ts';

describe('DomainError', () => {
  it('carries reason, kind and typed details', () => {
    const error = new DomainError('OUT_OF_STOCK', { lines: [{ variantId: 'v1', requested: 3, available: 1 }] });
    expect(error).toMatchObject({
      name: 'DomainError',
      reason: 'OUT_OF_STOCK',
      kind: 'conflict',
      message: 'OUT_OF_STOCK',
    });
    expect(error.details?.lines[0]?.available).toBe(1);
  });

  it('keeps the cause for the log', () => {
    const cause = new Error('driver');
    expect(new DomainError('SERVICE_UNAVAILABLE', undefined, { cause }).cause).toBe(cause);
  });

  it('is told from other errors, by reason when asked', () => {
    expect(isDomainError(notFound('order'))).toBe(true);
    expect(isDomainError(notFound('order'), 'NOT_FOUND')).toBe(true);
    expect(isDomainError(notFound('order'), 'FORBIDDEN')).toBe(false);
    expect(isDomainError(new Error('NOT_FOUND'))).toBe(false);
  });

  it('knows its reasons and nothing that objects inherit', () => {
    for (const reason of Object.keys(REASONS)) expect(isReason(reason)).toBe(true);
    expect(isReason('toString')).toBe(false);
    expect(isReason(7)).toBe(false);
  });
});
