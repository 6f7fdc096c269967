import { Badge } from '@mantine/core';
import { orderStateWords } from '../lib/order-words.ts';
import type { OrderState } from '../lib/order-words.ts';

/** The state of an order in one coloured word. */
export function OrderBadge({ order, size = 'md' }: { order: OrderState; size?: 'sm' | 'md' | 'lg' }) {
  const { label, color } = orderStateWords(order);
  return (
    <Badge color={color} variant="light" size={size} data-testid="order-state">
      {label}
    </Badge>
  );
}
