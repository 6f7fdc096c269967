import { ActionIcon, Group, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatMoney, lineSubtotal } from '../../lib/money.ts';
import { CART_SCOPE, notifyError, useShowCart } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Price } from '../../ui/price.tsx';
import { ProductImage } from '../../ui/product-image.tsx';
import { QuantityInput } from '../../ui/quantity-input.tsx';
import { LineNotices } from './line-notices.tsx';
import classes from './cart.module.css';

type Line = RouterOutputs['cart']['get']['lines'][number];

/** One article with its number, price and what the buyer should know about it. */
export function CartLine({ line, maxQuantity }: { line: Line; maxQuantity: number }) {
  const trpc = useTrpc();
  const options = { ...CART_SCOPE, onSuccess: useShowCart(), onError: notifyError };
  const setQuantity = useMutation(trpc.cart.setQuantity.mutationOptions(options));
  const remove = useMutation(trpc.cart.removeItem.mutationOptions(options));
  const { product, variantId } = line;
  const busy = setQuantity.isPending || remove.isPending;
  const chosen = Object.entries(product.options);
  return (
    <li className={classes['line']} data-busy={busy} data-testid="cart-line">
      <ProductImage image={product.image} alt="" size={96} />
      <Stack gap={4} miw={0} flex={1}>
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
          <div style={{ minWidth: 0 }}>
            {product.slug === '' ? (
              // Of an article that is gone; it has no page any more.
              <Text fw={600}>{product.title}</Text>
            ) : (
              <TextLink to="/p/$slug" params={{ slug: product.slug }} fw={600} c="inherit">
                {product.title}
              </TextLink>
            )}
            {chosen.length > 0 && (
              <Text size="sm" c="dimmed">
                {chosen.map(([name, value]) => `${name}: ${value}`).join(' · ')}
              </Text>
            )}
          </div>
          <Text fw={650} className="cw-numeric" style={{ flex: '0 0 auto' }}>
            {formatMoney(lineSubtotal(line))}
          </Text>
        </Group>
        <LineNotices
          notices={line.notices}
          unitPrice={line.unitPrice}
          onTakeAvailable={(quantity) => setQuantity.mutate({ variantId, quantity })}
        />
        <Group justify="space-between" mt="xs" gap="sm">
          <Group gap="sm">
            <QuantityInput
              value={setQuantity.isPending ? setQuantity.variables.quantity : line.quantity}
              max={maxQuantity}
              onChange={(quantity) => setQuantity.mutate({ variantId, quantity })}
              label={`Quantity of ${product.title}`}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={34}
              aria-label={`Remove ${product.title}`}
              loading={remove.isPending}
              onClick={() => remove.mutate({ variantId })}
            >
              <IconTrash size={18} stroke={1.6} />
            </ActionIcon>
          </Group>
          {line.quantity > 1 && (
            <Group gap={6}>
              <Price price={line.unitPrice} compareAt={line.compareAt} size="sm" />
              <Text size="xs" c="dimmed">
                each
              </Text>
            </Group>
          )}
        </Group>
      </Stack>
    </li>
  );
}
