import { Divider, Group, Stack, Text } from '@mantine/core';
import type { Money } from '@cartwright/sdk';
import { formatMoney } from '../lib/money.ts';

interface PriceStep {
  kind: 'subtotal' | 'discount' | 'shipping' | 'tax' | 'total';
  label: string;
  amount: Money;
  lineId?: string | undefined;
}

interface PriceStepsProps {
  steps: readonly PriceStep[];
  total: Money;
  /** What the total includes in tax, where displayed prices are gross. */
  includedTax?: Money | undefined;
  /** Quiet placeholder while a new price is on its way. */
  stale?: boolean;
}

/** How a price comes about, step by step, as the API explains it. */
export function PriceSteps({ steps, total, includedTax, stale = false }: PriceStepsProps) {
  return (
    <Stack
      gap={8}
      className="cw-numeric"
      style={{ opacity: stale ? 0.5 : 1, transition: 'opacity 150ms' }}
      aria-busy={stale}
    >
      {mergeSteps(steps).map((step) => (
        <Group key={`${step.kind} ${step.label}`} justify="space-between" gap="md" wrap="nowrap">
          <Text size="sm" c={step.kind === 'discount' ? 'clay.7' : 'dimmed'}>
            {step.label}
          </Text>
          <Text size="sm" c={step.kind === 'discount' ? 'clay.7' : 'inherit'}>
            {step.kind === 'shipping' && step.amount.amount === 0 ? 'Free' : formatMoney(step.amount)}
          </Text>
        </Group>
      ))}
      <Divider my={4} />
      <Group justify="space-between" wrap="nowrap">
        <Text fw={650}>Total</Text>
        <Text fw={700} size="lg" data-testid="total">
          {formatMoney(total)}
        </Text>
      </Group>
      {includedTax && includedTax.amount > 0 && (
        <Text size="xs" c="dimmed" ta="right">
          includes {formatMoney(includedTax)} tax
        </Text>
      )}
    </Stack>
  );
}

/** Steps of single lines with the same name become one row; the total has its own place. */
function mergeSteps(steps: readonly PriceStep[]): PriceStep[] {
  const rows = new Map<string, PriceStep>();
  for (const step of steps) {
    if (step.kind === 'total') continue;
    const key = `${step.kind} ${step.label}`;
    const amount = (rows.get(key)?.amount.amount ?? 0) + step.amount.amount;
    rows.set(key, { kind: step.kind, label: step.label, amount: { amount, currency: step.amount.currency } });
  }
  return [...rows.values()];
}
