import { describe, expect, it } from 'vitest';
import { quoteChanges } from './quote-changes.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const quote = (...steps: [kind: string, label: string, amount: number][]) => ({
  pricing: {
    steps: steps.map(([kind, label, amount]) => ({ kind, label, amount: usd(amount) })),
    total: usd(steps.reduce((sum, [, , amount]) => sum + amount, 0)),
  },
});

describe('quoteChanges', () => {
  it('is empty for the same price', () => {
    const same = quote(['subtotal', 'Subtotal', 100], ['shipping', 'Standard', 5]);
    expect(quoteChanges(same, same)).toEqual([]);
  });

  it('names what changed, came and went, and the total last', () => {
    const before = quote(['subtotal', 'Subtotal', 100], ['discount', 'SAVE10', -10], ['shipping', 'Standard', 5]);
    const after = quote(['subtotal', 'Subtotal', 120], ['shipping', 'Standard', 5], ['tax', 'Tax', 8]);
    expect(quoteChanges(before, after)).toEqual([
      { label: 'Subtotal', before: usd(100), after: usd(120) },
      { label: 'SAVE10', before: usd(-10), after: null },
      { label: 'Tax', before: null, after: usd(8) },
      { label: 'Total', before: usd(95), after: usd(133) },
    ]);
  });

  it('adds up steps of the same name before it compares', () => {
    const split = quote(['tax', 'Tax', 3], ['tax', 'Tax', 5]);
    expect(quoteChanges(split, quote(['tax', 'Tax', 8]))).toEqual([]);
  });
});
