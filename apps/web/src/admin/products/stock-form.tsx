import { Button, Group, NumberInput, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { ErrorState, InlineError } from '../../ui/states.tsx';
import { StockMovements } from './stock-movements.tsx';

type Level = RouterOutputs['admin']['products']['stockLevels']['items'][number];
type Variant = RouterOutputs['admin']['products']['byId']['variants'][number];

/** What lies in the house of each version, what of it is promised, and a new count. */
export function StockForm({ productId }: { productId: string }) {
  const trpc = useTrpc();
  const product = useQuery(trpc.admin.products.byId.queryOptions({ id: productId }, { staleTime: 0 }));
  const variantIds = product.data?.variants.map(({ id }) => id) ?? [];
  const levels = useQuery(
    trpc.admin.products.stockLevels.queryOptions({ variantIds }, { enabled: variantIds.length > 0, staleTime: 0 }),
  );
  const error = product.error ?? levels.error;
  if (error) return <ErrorState error={error} onRetry={() => void levels.refetch()} />;
  if (!product.data || !levels.data) return <Skeleton h={160} role="status" aria-label="Loading the stock" />;
  const byId = new Map(levels.data.items.map((level) => [level.variantId, level]));
  return (
    <Stack>
      {product.data.variants.map((variant) => {
        const level = byId.get(variant.id);
        return level && <VariantStock key={variant.id} variant={variant} level={level} />;
      })}
    </Stack>
  );
}

function VariantStock({ variant, level }: { variant: Variant; level: Level }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [onHand, setOnHand] = useState<number | string>(level.onHand);
  const [reason, setReason] = useState('');
  const [isOpen, { toggle }] = useDisclosure(false);
  const setStock = useMutation(
    trpc.admin.products.setStock.mutationOptions({
      onSuccess: () => setReason(''),
      onSettled: () => queryClient.invalidateQueries(trpc.admin.products.pathFilter()),
    }),
  );
  const counted = Number(onHand);
  const isNew = onHand !== '' && Number.isInteger(counted) && counted !== level.onHand;
  const save = () =>
    setStock.mutate({
      ...{ variantId: variant.id, onHand: counted, reason: reason.trim(), expectedVersion: level.version },
      idempotencyKey: newIdempotencyKey(),
    });
  return (
    <Stack gap={6} component="section" aria-label={variant.sku}>
      <Table withRowBorders={false} verticalSpacing={2} className="cw-numeric" fz="sm">
        <Table.Tbody>
          <Table.Tr>
            <Table.Td pl={0}>
              <Text size="sm" fw={600}>
                {Object.values(variant.options).join(', ') || variant.sku}
              </Text>
              <Text size="xs" c="dimmed">
                SKU {variant.sku}
              </Text>
            </Table.Td>
            <Table.Td ta="right">{level.reserved} promised</Table.Td>
            <Table.Td ta="right" pr={0} fw={600}>
              {level.available} free
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Group gap="xs" align="flex-end">
        <NumberInput
          label="In the house"
          w={120}
          min={level.reserved}
          max={1_000_000}
          allowDecimal={false}
          value={onHand}
          onChange={setOnHand}
        />
        <TextInput
          label="Why"
          placeholder="Counted, broken, delivered…"
          flex={1}
          miw={160}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button disabled={!isNew || reason.trim() === ''} loading={setStock.isPending} onClick={save}>
          Save
        </Button>
      </Group>
      <InlineError error={setStock.error} />
      <Group>
        <Button variant="subtle" size="compact-sm" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? 'Hide what happened' : 'What happened to it'}
        </Button>
      </Group>
      {isOpen && <StockMovements variantId={variant.id} />}
    </Stack>
  );
}
