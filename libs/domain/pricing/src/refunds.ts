import { DomainError, invalidInput } from '@cartwright/domain-errors';
import { allocateByLargestRemainder, currencyInfo, money, proportionOf, sumMoney } from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import { takeFrom } from './refund-shares.ts';
import type { RefundableShare } from './refund-shares.ts';
import type { Pricing } from './types.ts';

/** What of a line goes back: whole pieces, or with a quantity of zero an amount alone. Tax is contained in the amount. */
export interface RefundedLine {
  readonly lineId: string;
  readonly quantity: number;
  readonly amount: Money;
  readonly tax: Money;
}

/** A refund taken apart: every minor unit of it belongs to a line or to the shipping. */
export interface RefundParts {
  readonly lines: readonly RefundedLine[];
  readonly shipping: { readonly amount: Money; readonly tax: Money } | null;
}

/** A finished calculation of a refund. The parts sum to both sums. */
export interface RefundCalculation extends RefundParts {
  readonly amount: Money;
  /** The tax contained in the amount. */
  readonly tax: Money;
}

/** What to give back: whole pieces, the shipping that is left, and an amount on top; or all that is left. */
export interface RefundRequest {
  readonly lines?: readonly { readonly lineId: string; readonly quantity: number }[] | undefined;
  readonly shipping?: boolean | undefined;
  /** A goodwill amount, taken from what the rest of the request leaves of lines and shipping, in proportion. */
  readonly amount?: Money | undefined;
  readonly full?: boolean | undefined;
}

/**
 * What a request comes to, given the refunds of the order that went through or may still do so: those on their way count
 * as used, failed ones are left out by the caller.
 *
 * Pieces are cumulative: k pieces are worth what k of the quantity are of the line's total, less what was given back, so
 * that refunds of single pieces sum to the line exactly. Once a goodwill amount came off a line, what is left is shared by
 * the pieces left. Tax follows the amount, cumulative too.
 *
 * A piece may be worth less than the smallest coin: its amount is then zero, and the next one makes up for it.
 *
 * Throws INVALID_INPUT, CURRENCY_MISMATCH, QUANTITY_EXCEEDED, REFUND_EXCEEDS_PAID, and REFUND_NOT_POSSIBLE when neither
 * pieces nor money are left, or none were asked for.
 */
export function calculateRefund(
  pricing: Pricing,
  earlier: readonly RefundParts[],
  request: RefundRequest,
): RefundCalculation {
  const { currency } = pricing;
  const left = refundableParts(pricing, earlier);
  const pieces = request.full ? allPieces(left) : piecesOf(request.lines ?? [], left, currency);
  const shipping = request.full || request.shipping ? left.shipping.amount : 0;
  const goodwill = request.amount ? goodwillOf(request.amount, { left, pieces, shipping, currency }) : null;

  const lines = [
    ...pieces.flatMap(({ lineId, quantity, amount }) =>
      quantity > 0 || amount > 0 ? { lineId, quantity, amount } : [],
    ),
    ...(goodwill?.lines ?? []),
  ];
  const parts = withTax({ lines, shipping: shipping + (goodwill?.shipping ?? 0) }, left, currency);
  const taxed = parts.shipping ? [...parts.lines, parts.shipping] : parts.lines;
  const amount = sumMoney(
    taxed.map((part) => part.amount),
    currency,
  );
  if (taxed.length === 0) throw new DomainError('REFUND_NOT_POSSIBLE');
  return {
    ...parts,
    amount,
    tax: sumMoney(
      taxed.map((part) => part.tax),
      currency,
    ),
  };
}

/**
 * An amount that was given back without us, such as at the payment provider, as parts: taken as a goodwill amount as far as
 * there is something left. Never throws for amounts of the order's currency.
 */
export function allocateRefund(pricing: Pricing, earlier: readonly RefundParts[], amount: Money): RefundParts {
  const most = refundableAmount(pricing, earlier);
  const taken = Math.min(amount.amount, most.amount);
  if (amount.currency !== pricing.currency || taken <= 0) return { lines: [], shipping: null };
  const left = refundableParts(pricing, earlier);
  const whole = { left, pieces: [], shipping: 0, currency: pricing.currency };
  return withTax(spread(money(taken, pricing.currency), whole), left, pricing.currency);
}

/** All that can still be given back. */
export function refundableAmount(pricing: Pricing, earlier: readonly RefundParts[]): Money {
  const { lines, shipping } = refundableParts(pricing, earlier);
  return money(
    [...lines, shipping].reduce((sum, share) => sum + share.amount, 0),
    pricing.currency,
  );
}

/** What is left of each line and of the shipping, as plain minor units. */
interface Refundable {
  readonly lines: readonly (RefundableShare & { readonly lineId: string })[];
  readonly shipping: RefundableShare;
}

function refundableParts(pricing: Pricing, earlier: readonly RefundParts[]): Refundable {
  const lines = pricing.lines.map((line) => {
    const taken = earlier.flatMap((refund) => refund.lines.filter((part) => part.lineId === line.lineId));
    return { lineId: line.lineId, ...takeFrom(line, line.quantity, taken) };
  });
  const { shipping } = pricing;
  const shipped = earlier.flatMap((refund) => (refund.shipping ? [{ quantity: 0, ...refund.shipping }] : []));
  const none = { total: money(0, pricing.currency), tax: money(0, pricing.currency) };
  return { lines, shipping: takeFrom(shipping ?? none, 0, shipped) };
}

interface Piece {
  readonly lineId: string;
  readonly quantity: number;
  readonly amount: number;
}

const allPieces = ({ lines }: Refundable): Piece[] =>
  lines.map(({ lineId, quantity, amount }) => ({ lineId, quantity, amount }));

function piecesOf(wanted: NonNullable<RefundRequest['lines']>, left: Refundable, currency: string): Piece[] {
  if (new Set(wanted.map(({ lineId }) => lineId)).size !== wanted.length) throw invalidInput('A line is named twice');
  return wanted.map(({ lineId, quantity }) => {
    const line = left.lines.find((candidate) => candidate.lineId === lineId);
    if (!line) throw invalidInput('The order has no such line');
    if (!Number.isSafeInteger(quantity) || quantity < 1) throw invalidInput('A quantity is a positive whole number');
    if (quantity > line.quantity) throw new DomainError('QUANTITY_EXCEEDED', { lineId, maximum: line.quantity });
    return { lineId, quantity, amount: worthOf(line, quantity, currency) };
  });
}

/** What so many of the pieces left are worth. */
function worthOf(line: RefundableShare, quantity: number, currency: string): number {
  if (quantity === line.quantity) return line.amount;
  const share = line.hadGoodwill
    ? proportionOf(money(line.amount, currency), quantity, line.quantity).amount
    : proportionOf(money(line.total, currency), line.taken + quantity, line.taken + line.quantity).amount -
      (line.total - line.amount);
  return Math.min(Math.max(share, 0), line.amount);
}

interface Taking {
  readonly left: Refundable;
  readonly pieces: readonly Piece[];
  readonly shipping: number;
  readonly currency: string;
}

interface Spread {
  readonly lines: readonly Piece[];
  readonly shipping: number;
}

function goodwillOf(amount: Money, taking: Taking): Spread {
  const { currency } = taking;
  if (amount.currency !== currency) {
    throw new DomainError('CURRENCY_MISMATCH', { expected: currency, actual: amount.currency });
  }
  const { quantum } = currencyInfo(currency);
  if (!Number.isSafeInteger(amount.amount) || amount.amount <= 0 || amount.amount % quantum !== 0) {
    throw invalidInput('An amount is a positive whole number of the smallest coin');
  }
  const rest = restOf(taking).reduce((sum, weight) => sum + weight, 0);
  if (amount.amount > rest) throw new DomainError('REFUND_EXCEEDS_PAID', { refundable: { amount: rest, currency } });
  return spread(amount, taking);
}

/** What the rest of the request leaves: of the lines in their order, and of the shipping. */
function restOf({ left, pieces, shipping }: Taking): number[] {
  const taken = new Map(pieces.map(({ lineId, amount }) => [lineId, amount]));
  return [
    ...left.lines.map(({ lineId, amount }) => amount - (taken.get(lineId) ?? 0)),
    left.shipping.amount - shipping,
  ];
}

function spread(amount: Money, taking: Taking): Spread {
  const parts = allocateByLargestRemainder(amount, restOf(taking));
  const lines = taking.left.lines.flatMap(({ lineId }, index) => {
    const part = parts[index]?.amount ?? 0;
    return part === 0 ? [] : { lineId, quantity: 0, amount: part };
  });
  return { lines, shipping: parts.at(-1)?.amount ?? 0 };
}

/** Adds the tax contained in each part. Of a line that gives pieces and goodwill at once, one after the other. */
function withTax({ lines, shipping }: Spread, left: Refundable, currency: string): RefundParts {
  const before = new Map<string, { amount: number; tax: number }>();
  const taxed = lines.map(({ lineId, quantity, amount }) => {
    const line = left.lines.find((candidate) => candidate.lineId === lineId) ?? left.shipping;
    const given = before.get(lineId) ?? { amount: 0, tax: 0 };
    const tax = taxIn(line, given, amount, currency);
    before.set(lineId, { amount: given.amount + amount, tax: given.tax + tax });
    return { lineId, quantity, amount: money(amount, currency), tax: money(tax, currency) };
  });
  const shippingTax = taxIn(left.shipping, { amount: 0, tax: 0 }, shipping, currency);
  return {
    lines: taxed,
    shipping: shipping === 0 ? null : { amount: money(shipping, currency), tax: money(shippingTax, currency) },
  };
}

function taxIn(
  share: RefundableShare,
  given: { readonly amount: number; readonly tax: number },
  amount: number,
  currency: string,
): number {
  const left = share.tax - given.tax;
  if (given.amount + amount === share.amount) return Math.min(Math.max(left, 0), amount);
  const after = share.total - share.amount + given.amount + amount;
  const due = proportionOf(money(share.wholeTax, currency), after, share.total).amount;
  return Math.min(Math.max(due - (share.wholeTax - left), 0), amount, Math.max(left, 0));
}
