import { Group, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconClockExclamation } from '@tabler/icons-react';

/** How many are left from which on the hint turns to "only n left". */
const LOW_STOCK = 5;

interface StockHintProps {
  variant: { available: number; sku: string; options: Readonly<Record<string, string>> } | undefined;
  /** The whole product isn't for sale any more. */
  isGone: boolean;
}

/** Whether the chosen variant can be had. Silent about exact numbers while there are plenty. */
export function StockHint({ variant, isGone }: StockHintProps) {
  if (!variant) {
    return (
      <Text size="sm" c="dimmed" role="status">
        Choose a version to see whether it is in stock.
      </Text>
    );
  }
  const { available, options } = variant;
  const isOnly = Object.keys(options).length === 0;
  const hint = isGone
    ? { Icon: IconCircleX, color: 'gray.6', text: 'This product has just been taken off sale' }
    : available === 0
      ? { Icon: IconCircleX, color: 'gray.6', text: isOnly ? 'Sold out' : 'Sold out in this version' }
      : available <= LOW_STOCK
        ? { Icon: IconClockExclamation, color: 'clay.7', text: `Only ${available} left` }
        : { Icon: IconCircleCheck, color: 'pine.7', text: 'In stock' };
  return (
    <Group justify="space-between" gap="sm">
      <Group gap={6} c={hint.color} role="status">
        <hint.Icon size={17} aria-hidden />
        <Text size="sm" fw={550}>
          {hint.text}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        SKU {variant.sku}
      </Text>
    </Group>
  );
}
