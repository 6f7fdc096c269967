import { describe, expect, it } from 'vitest';
import { REASONS } from '@cartwright/sdk';
import { REASON_WORDS, wordsFor, wordsForReason } from './reasons.ts';
import { refusal } from '../testing/refusal.ts';

describe('REASON_WORDS', () => {
  it.each([...Object.keys(REASONS), 'NETWORK'])('says %s in a sentence of its own', (reason) => {
    const words = wordsForReason(reason);
    expect(words).toMatch(/^[A-Z].+[.?]$/);
    expect(words).not.toContain('_');
    if (reason !== 'INTERNAL') expect(words).not.toBe(REASON_WORDS.INTERNAL);
  });

  it('has no words for reasons that do not exist', () => {
    expect(Object.keys(REASON_WORDS).sort()).toEqual([...Object.keys(REASONS), 'NETWORK'].sort());
  });
});

describe('wordsFor', () => {
  it('is exact where details are known', () => {
    const minimum = refusal('COUPON_MINIMUM_NOT_MET', { minimum: { amount: 5_000, currency: 'USD' } });
    expect(wordsFor(minimum)).toContain('$50.00');
    expect(wordsFor(refusal('RATE_LIMITED', { retryAfterSeconds: 30 }))).toContain('30 seconds');
    expect(wordsFor(refusal('RATE_LIMITED', { retryAfterSeconds: 600 }))).toContain('10 minutes');
    const until = new Date('2026-03-08T10:00:00');
    expect(wordsFor(refusal('ACCOUNT_BANNED', { reason: 'Fraud', until }))).toMatch(
      /^This account is blocked until Mar 8.+ Reason: Fraud$/,
    );
    const unpaid = refusal('TOO_MANY_PENDING_ORDERS', { maximum: 5, waitingFor: 'payment' });
    expect(wordsFor(unpaid)).toMatch(/^Only 5 orders can wait for payment .+ Pay or cancel/);
    const unpacked = refusal('TOO_MANY_PENDING_ORDERS', { maximum: 50, waitingFor: 'preparation' });
    expect(wordsFor(unpacked)).toMatch(/^Only 50 orders to be paid on delivery .+ Pay by card/);
    const soldOut = refusal('OUT_OF_STOCK', { lines: [{ variantId: 'v', requested: 2, available: 0 }] });
    expect(wordsFor(soldOut)).toBe('This is sold out.');
  });

  it('falls back to the general sentence without details', () => {
    expect(wordsFor(refusal('COUPON_MINIMUM_NOT_MET'))).toBe(REASON_WORDS.COUPON_MINIMUM_NOT_MET);
    expect(wordsFor(refusal('OUT_OF_STOCK', { lines: [] }))).toBe(REASON_WORDS.OUT_OF_STOCK);
  });

  it('never shows the message of an unknown error', () => {
    expect(wordsFor(new Error('secret stack'))).toBe(REASON_WORDS.INTERNAL);
    expect(wordsForReason('BRAND_NEW_REASON')).toBe(REASON_WORDS.INTERNAL);
  });
});
