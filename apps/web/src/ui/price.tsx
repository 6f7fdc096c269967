import { Group, Text, VisuallyHidden } from '@mantine/core';
import type { MantineSize } from '@mantine/core';
import type { Money } from '@cartwright/sdk';
import { formatMoney } from '../lib/money.ts';

interface PriceProps {
  price: Money;
  /** The full price while a sale is on. */
  compareAt?: Money | undefined;
  size?: MantineSize;
  /** "from" before the price of a product with several prices. */
  from?: boolean;
}

/** A price, with the former one struck through while on sale. */
export function Price({ price, compareAt, size = 'md', from = false }: PriceProps) {
  const onSale = compareAt !== undefined && compareAt.amount > price.amount;
  return (
    <Group gap={8} align="baseline" wrap="nowrap" className="cw-numeric">
      <Text size={size} fw={650} c={onSale ? 'clay.7' : 'inherit'} component="span">
        {from && (
          <Text span size="xs" fw={400} c="dimmed">
            from{' '}
          </Text>
        )}
        {onSale && <VisuallyHidden>Sale price </VisuallyHidden>}
        {formatMoney(price)}
      </Text>
      {onSale && (
        <Text size="sm" c="dimmed" component="span">
          <VisuallyHidden>instead of </VisuallyHidden>
          <s>{formatMoney(compareAt)}</s>
        </Text>
      )}
    </Group>
  );
}
