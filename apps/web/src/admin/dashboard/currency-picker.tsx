import { NativeSelect } from '@mantine/core';
import type { Period } from './period.ts';
import { useOverview } from './use-overview.ts';

interface CurrencyPickerProps {
  period: Period;
  live: boolean;
  value: string | undefined;
  onChange: (currency: string) => void;
}

/** Which currency the figures are in; nothing while there is one only. Amounts of two are never added up. */
export function CurrencyPicker({ period, live, value, onChange }: CurrencyPickerProps) {
  const there = useOverview(period, live).data?.byCurrency.map(({ currency }) => currency) ?? [];
  // What was picked stays picked, also over a period without it.
  const currencies = value === undefined || there.includes(value) ? there : [...there, value];
  if (currencies.length < 2) return null;
  return (
    <NativeSelect
      aria-label="Currency"
      value={value ?? currencies[0]}
      data={currencies}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
