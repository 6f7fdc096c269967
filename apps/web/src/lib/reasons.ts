import { isCartwrightError } from '@cartwright/sdk';
import type { ErrorReason } from '@cartwright/sdk';
import { formatDateTime } from './dates.ts';
import { formatMoney } from './money.ts';

/**
 * What a customer reads for each reason the API refuses with. The one place where reasons become words; the type makes
 * a new reason without words a compile error.
 */
export const REASON_WORDS: Record<ErrorReason, string> = {
  INVALID_INPUT: 'Something in the form isn’t right. Please check it and try again.',
  IDEMPOTENCY_KEY_REQUIRED: 'The request was incomplete. Please reload the page and try again.',
  CURSOR_INVALID: 'This list has moved on. Please start again from the top.',
  RETURN_URL_NOT_ALLOWED: 'This address of the shop can’t take payments. Please use its main address.',
  UNAUTHENTICATED: 'Please sign in to go on.',
  SESSION_REVOKED: 'You were signed out. Please sign in again.',
  INVALID_CREDENTIALS: 'That e-mail and password don’t match.',
  REFRESH_TOKEN_INVALID: 'Your session has ended. Please sign in again.',
  REFRESH_TOKEN_REUSED: 'For your safety you were signed out. Please sign in again.',
  TWO_FACTOR_REQUIRED: 'A code from your authenticator app is needed.',
  TWO_FACTOR_CHALLENGE_INVALID: 'That took too long or too many tries. Please start again with your password.',
  TWO_FACTOR_CODE_INVALID: 'This code isn’t right, or it was used before. Wait for the next one and try again.',
  TWO_FACTOR_ALREADY_ENABLED: 'Two-factor sign-in is already on.',
  TWO_FACTOR_NOT_ENABLED: 'Two-factor sign-in isn’t on.',
  TWO_FACTOR_SETUP_REQUIRED: 'Please scan the QR code first.',
  FORBIDDEN: 'Your account isn’t allowed to do this.',
  STEP_UP_REQUIRED: 'Please confirm your password first.',
  ACCOUNT_BANNED: 'This account is blocked. Please write to us if you think that’s a mistake.',
  OWN_ACCOUNT: 'You can’t do this to your own account.',
  EMAIL_NOT_VERIFIED: 'Please confirm your e-mail address first.',
  NOT_FOUND: 'We couldn’t find what you’re looking for.',
  EMAIL_TAKEN: 'There is already an account with this e-mail. Sign in instead?',
  ALREADY_BANNED: 'This account is banned already, or a ban is planned.',
  SLUG_TAKEN: 'This web address is already used.',
  SKU_TAKEN: 'This SKU is already used.',
  CODE_TAKEN: 'A coupon with this code already exists.',
  IN_USE: 'Something still uses this. Take it out there first.',
  VERSION_CONFLICT: 'Someone else changed this in the meantime. Please reload.',
  OUT_OF_STOCK: 'There isn’t enough left of something you chose.',
  PRICE_CHANGED: 'A price changed while you were checking out. Please look at the new total.',
  CART_CHANGED: 'Your cart changed in another window. Please look it over again.',
  IDEMPOTENCY_OUTCOME_UNKNOWN:
    'Something went wrong, and this may have worked all the same. Please look before you try again.',
  IDEMPOTENCY_KEY_REUSED: 'This was already sent with other details. Please try again.',
  IDEMPOTENCY_IN_PROGRESS: 'We’re still working on your last click. One moment, please.',
  ILLEGAL_TRANSITION: 'That’s no longer possible for this order.',
  RETURN_TOO_LATE: 'The time to return this is over.',
  TOO_MANY_RETURNS: 'You have asked for too many returns of this order. Please write to us.',
  RECONCILIATION_RUNNING: 'A reconciliation is under way already.',
  TOO_MANY_ADDRESSES: 'You keep as many addresses as we can. Remove one first.',
  WISHLIST_FULL: 'Your wishlist is full. Remove something to add more.',
  UPLOAD_INCOMPLETE: 'The file has not arrived. Please upload it again.',
  UPLOAD_NOT_READY: 'This file is not ready yet, or was refused.',
  TOO_MANY_UPLOADS: 'Too many files are under way. Wait for some to be done, or remove them.',
  TOKEN_INVALID: 'This link is no longer valid.',
  WEBHOOK_IGNORED: 'The shop makes nothing of events of this type.',
  NOT_BANNED: 'There is no such ban any more.',
  NOT_INVITED: 'There is no such invitation any more.',
  LAST_ADMIN: 'The shop needs at least one administrator.',
  CART_EMPTY: 'Your cart is empty.',
  CART_FULL: 'Your cart is full. Remove something to add more.',
  QUANTITY_LIMIT: 'That’s more than can be ordered at once.',
  VARIANT_UNAVAILABLE: 'This article is no longer sold.',
  CURRENCY_MISMATCH: 'The prices are in different currencies.',
  COUPON_NOT_FOUND: 'We don’t know this code. Check the spelling?',
  COUPON_EXPIRED: 'This code has expired.',
  COUPON_NOT_STARTED: 'This code isn’t valid yet.',
  COUPON_INACTIVE: 'This code is switched off at the moment.',
  COUPON_LIMIT_REACHED: 'This code has been used up.',
  COUPON_ALREADY_USED: 'You have already used this code.',
  COUPON_MINIMUM_NOT_MET: 'Your cart is below the minimum for this code.',
  COUPON_NOT_APPLICABLE: 'This code isn’t for anything in your cart.',
  COUPON_WRONG_CURRENCY: 'This code is for another currency.',
  ORDER_NOT_PAYABLE: 'This order can’t be paid any more.',
  ORDER_NOT_CANCELABLE: 'This order can’t be canceled any more.',
  PAYMENT_METHOD_UNAVAILABLE: 'This way of paying isn’t available for your order.',
  SHIPPING_METHOD_UNAVAILABLE: 'This shipping method isn’t available for your address.',
  LAST_SHIPPING_METHOD: 'There must be one way to ship at least.',
  TOO_MANY_PENDING_ORDERS: 'Several earlier orders still wait. Pay or cancel one of them first.',
  REFUND_NOT_POSSIBLE: 'This refund isn’t possible.',
  PAID_ELSEWHERE: 'This order was paid through another system. Give its money back there.',
  REFUND_EXCEEDS_PAID: 'That’s more than is left of what was paid.',
  REFUND_LIMIT_EXCEEDED: 'That’s more than you may give back. Ask an administrator.',
  QUANTITY_EXCEEDED: 'That’s more pieces than there are.',
  RATE_LIMITED: 'That was a bit fast. Please wait a moment and try again.',
  PAYMENT_PROVIDER_UNAVAILABLE: 'The payment service doesn’t answer. Your order is safe: try paying again in a minute.',
  SERVICE_UNAVAILABLE: 'The shop is catching its breath. Please try again in a moment.',
  INTERNAL: 'Something went wrong on our side. Please try again.',
  NETWORK: 'We can’t reach the shop right now. Check your connection and try again.',
};

/** One sentence for any error; details make it exact where they are known. */
export function wordsFor(error: unknown): string {
  if (!isCartwrightError(error)) return REASON_WORDS.INTERNAL;
  return preciseWords(error) ?? wordsForReason(error.reason);
}

/** Words for a bare reason, as a cart's coupon carries it; unknown ones get a general sentence. */
export function wordsForReason(reason: string | undefined): string {
  if (reason !== undefined && Object.hasOwn(REASON_WORDS, reason)) return REASON_WORDS[reason as ErrorReason];
  return REASON_WORDS.INTERNAL;
}

function preciseWords(error: { reason: ErrorReason; details?: unknown }): string | undefined {
  const details = isRecord(error.details) ? error.details : {};
  switch (error.reason) {
    case 'COUPON_MINIMUM_NOT_MET': {
      const minimum = details['minimum'];
      return isMoney(minimum) ? `This code needs at least ${formatMoney(minimum)} of matching articles.` : undefined;
    }
    case 'RATE_LIMITED': {
      const seconds = details['retryAfterSeconds'];
      return typeof seconds === 'number' ? `That was a bit fast. Please try again in ${duration(seconds)}.` : undefined;
    }
    case 'ACCOUNT_BANNED': {
      const { reason, until } = details;
      const why = typeof reason === 'string' ? ` Reason: ${reason}` : '';
      const end = until instanceof Date ? ` until ${formatDateTime(until)}` : '';
      return `This account is blocked${end}.${why}`;
    }
    case 'QUANTITY_LIMIT': {
      const maximum = details['maximum'];
      return typeof maximum === 'number' ? `You can order up to ${maximum} of this at once.` : undefined;
    }
    case 'CART_FULL': {
      const maximum = details['maximum'];
      return typeof maximum === 'number' ? `A cart holds up to ${maximum} different articles.` : undefined;
    }
    case 'TOO_MANY_PENDING_ORDERS':
      return waitingWords(details);
    case 'OUT_OF_STOCK': {
      const lines = Array.isArray(details['lines']) ? details['lines'] : [];
      const [line] = lines;
      if (lines.length !== 1 || !isRecord(line) || typeof line['available'] !== 'number') return undefined;
      return line['available'] > 0 ? `Only ${line['available']} left in stock.` : 'This is sold out.';
    }
    default:
      return undefined;
  }
}

function waitingWords({ maximum, waitingFor }: Record<string, unknown>): string | undefined {
  if (typeof maximum !== 'number') return undefined;
  const atMost = maximum === 1 ? 'Only one order' : `Only ${maximum} orders`;
  return waitingFor === 'preparation'
    ? `${atMost} to be paid on delivery can wait to be packed at a time. Pay by card, or wait until we pack an earlier one.`
    : `${atMost} can wait for payment at a time. Pay or cancel an earlier one first.`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isMoney(value: unknown): value is { amount: number; currency: string } {
  return isRecord(value) && typeof value['amount'] === 'number' && typeof value['currency'] === 'string';
}
