import { Button, Group, Input, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useShopConfig } from '../../app/hooks.ts';
import { currencySymbol, fractionDigits, toMajor, toMinor } from '../../lib/money-input.ts';

interface PriceRangeProps {
  /** Minor units. */
  min: number | undefined;
  max: number | undefined;
  /** The lowest and the highest price there is to find. */
  span: { min: number; max: number } | undefined;
  onChange: (range: { min: number | undefined; max: number | undefined }) => void;
}

/** From and to, typed as people write prices, applied by Enter or the button. */
export function PriceRange({ min, max, span, onChange }: PriceRangeProps) {
  const { data: config } = useShopConfig();
  const currency = config?.currency ?? 'USD';
  const [low, setLow] = useState<string | number>(min === undefined ? '' : toMajor(min, currency));
  const [high, setHigh] = useState<string | number>(max === undefined ? '' : toMajor(max, currency));
  const example = (price: number | undefined, otherwise: string): string =>
    price === undefined ? otherwise : String(toMajor(price, currency));
  const field = {
    hideControls: true,
    min: 0,
    decimalScale: fractionDigits(currency),
    prefix: currencySymbol(currency),
    size: 'sm' as const,
  };
  return (
    <Input.Wrapper label="Price" component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const range = [toMinor(low, currency), toMinor(high, currency)] as const;
          const swapped = range[0] !== undefined && range[1] !== undefined && range[0] > range[1];
          onChange(swapped ? { min: range[1], max: range[0] } : { min: range[0], max: range[1] });
        }}
      >
        <Group gap={8} wrap="nowrap" mt={4}>
          <NumberInput
            {...field}
            value={low}
            onChange={setLow}
            placeholder={example(span?.min, 'from')}
            aria-label="Lowest price"
          />
          <NumberInput
            {...field}
            value={high}
            onChange={setHigh}
            placeholder={example(span?.max, 'to')}
            aria-label="Highest price"
          />
          <Button type="submit" variant="default" size="sm" px="sm" style={{ flex: '0 0 auto' }}>
            Go
          </Button>
        </Group>
      </form>
    </Input.Wrapper>
  );
}
