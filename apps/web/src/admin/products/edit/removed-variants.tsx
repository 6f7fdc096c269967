import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { notifyError } from '../../../app/hooks.ts';
import { useTrpc } from '../../../app/shop-context.tsx';
import { formatDate } from '../../../lib/dates.ts';
import { formatMoney } from '../../../lib/money.ts';
import type { ProductDetail } from './product-values.ts';

interface RemovedVariantsProps {
  product: ProductDetail;
  /** While there are changes that were not saved, they would be in the way. */
  isDirty: boolean;
  onRestored: (product: ProductDetail) => void;
}

/** Versions that were taken out, to be brought back; nothing when there are none. */
export function RemovedVariants({ product, isDirty, onRestored }: RemovedVariantsProps) {
  const trpc = useTrpc();
  const restore = useMutation(
    trpc.admin.products.variants.restore.mutationOptions({ onSuccess: onRestored, onError: notifyError }),
  );
  if (product.removedVariants.length === 0) return null;
  return (
    <Paper p="lg" component="section" aria-label="Removed versions">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Removed versions
        </Title>
        {isDirty && (
          <Text size="xs" c="dimmed">
            Save or undo your changes before you bring one back.
          </Text>
        )}
        {product.removedVariants.map(({ id, sku, options, price, removedAt }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <Stack gap={0}>
              <Text size="sm" fw={600}>
                {Object.values(options).join(', ') || sku}
              </Text>
              <Text size="xs" c="dimmed">
                {`${sku}, ${formatMoney(price)}, removed ${formatDate(removedAt)}`}
              </Text>
            </Stack>
            <Button
              size="xs"
              variant="default"
              aria-label={`Restore ${sku}`}
              disabled={isDirty}
              loading={restore.isPending && restore.variables.variantId === id}
              onClick={() => restore.mutate({ variantId: id, expectedVersion: product.version })}
            >
              Restore
            </Button>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
