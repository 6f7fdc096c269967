import type { Money } from '@cartwright/sdk';

/** The part of a quote that is compared. */
export interface ComparableQuote {
  readonly pricing: {
    readonly steps: readonly { readonly kind: string; readonly label: string; readonly amount: Money }[];
    readonly total: Money;
  };
}

export interface QuoteChange {
  readonly label: string;
  readonly before: Money | null;
  readonly after: Money | null;
}

/** What differs between the price a buyer saw and the new one, step by step; the total comes last. */
export function quoteChanges(before: ComparableQuote, after: ComparableQuote): QuoteChange[] {
  const changes: QuoteChange[] = [];
  const old = summed(before);
  const fresh = summed(after);
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const a = old.get(key);
    const b = fresh.get(key);
    if (a?.amount.amount === b?.amount.amount) continue;
    changes.push({ label: b?.label ?? a?.label ?? key, before: a?.amount ?? null, after: b?.amount ?? null });
  }
  if (before.pricing.total.amount !== after.pricing.total.amount) {
    changes.push({ label: 'Total', before: before.pricing.total, after: after.pricing.total });
  }
  return changes;
}

/** Steps by kind and label; steps of one line each share a label and are added up. */
function summed(quote: ComparableQuote) {
  const sums = new Map<string, { label: string; amount: Money }>();
  for (const step of quote.pricing.steps) {
    if (step.kind === 'total') continue;
    const key = `${step.kind}:${step.label}`;
    const amount = (sums.get(key)?.amount.amount ?? 0) + step.amount.amount;
    sums.set(key, { label: step.label, amount: { amount, currency: step.amount.currency } });
  }
  return sums;
}
