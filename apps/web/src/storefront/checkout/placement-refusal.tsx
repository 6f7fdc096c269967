import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { isCartwrightError } from '@cartwright/sdk';
import type { Money, RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../../lib/money.ts';
import { CART_SCOPE, notifyError, useShowCart } from '../../app/hooks.ts';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import { reasonOf } from '../../lib/errors.ts';
import { quoteChanges } from '../../lib/quote-changes.ts';
import { wordsFor } from '../../lib/reasons.ts';
import { ButtonLink } from '../../ui/links.tsx';
import type { Placing, Quote } from './use-place-order.ts';

type Cart = RouterOutputs['cart']['get'];

interface PlacementRefusalProps {
  cart: Cart;
  quote: Quote | undefined;
  placing: Placing;
  isPricing: boolean;
}

/** Why the order was not placed, with what changed and the next step. */
export function PlacementRefusal({ cart, quote, placing, isPricing }: PlacementRefusalProps) {
  const { error, agreed } = placing;
  const session = useSession();
  if (!error) return null;
  const reason = reasonOf(error);
  if (reason === 'PRICE_CHANGED' || reason?.startsWith('COUPON_')) {
    return <PriceChanged error={error} before={agreed} after={isPricing ? undefined : quote} />;
  }
  if (isCartwrightError(error, 'OUT_OF_STOCK')) {
    return <OutOfStock cart={cart} lines={error.details.lines} onFixed={placing.reset} />;
  }
  return (
    <Alert color="red" title="The order wasn’t placed" role="alert">
      {wordsFor(error)}
      {isCartwrightError(error, 'TOO_MANY_PENDING_ORDERS') && (
        <ButtonLink to={session ? '/orders' : '/find-order'} variant="light" color="red" size="compact-sm" mt="sm">
          {session ? 'See your orders' : 'Find an order'}
        </ButtonLink>
      )}
      {isCartwrightError(error, 'VARIANT_UNAVAILABLE') && (
        <ButtonLink to="/cart" variant="light" color="red" size="compact-sm" mt="sm">
          Take it out of your cart
        </ButtonLink>
      )}
    </Alert>
  );
}

const amount = (money: Money | null) => (money === null ? '–' : formatMoney(money));

interface PriceChangedProps {
  error: unknown;
  before: Quote | null;
  after: Quote | undefined;
}

/** Another price than the one agreed to: the shop's doing, or the coupon's that counts no more. */
function PriceChanged({ error, before, after }: PriceChangedProps) {
  const isCoupon = !isCartwrightError(error, 'PRICE_CHANGED');
  const changes = before && after ? quoteChanges(before, after) : [];
  return (
    <Alert
      color="clay"
      title={isCoupon ? 'Your coupon doesn’t count any more' : 'The price changed meanwhile'}
      role="alert"
      data-testid="price-changed"
    >
      <Stack gap="sm">
        <Text size="sm">
          {isCoupon && `${wordsFor(error)} `}Nothing was ordered. If the new price is fine, place the order again.
        </Text>
        {changes.length > 0 && (
          <Table fz="sm" withRowBorders={false} verticalSpacing={3} className="cw-numeric">
            <Table.Tbody>
              {changes.map((change) => (
                <Table.Tr key={change.label}>
                  <Table.Th scope="row" fw={500} pl={0}>
                    {change.label}
                  </Table.Th>
                  <Table.Td ta="right">
                    <s>{amount(change.before)}</s>
                  </Table.Td>
                  <Table.Td ta="right" fw={650} pr={0}>
                    {amount(change.after)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Alert>
  );
}

interface OutOfStockProps {
  cart: Cart;
  lines: readonly { variantId: string; requested: number; available: number }[];
  onFixed: () => void;
}

function OutOfStock({ cart, lines, onFixed }: OutOfStockProps) {
  const trpc = useTrpc();
  const showCart = useShowCart();
  const setQuantity = useMutation(trpc.cart.setQuantity.mutationOptions(CART_SCOPE));
  const removeItem = useMutation(trpc.cart.removeItem.mutationOptions(CART_SCOPE));
  const fix = useMutation({
    mutationFn: async () => {
      let latest: Cart | undefined;
      for (const { variantId, available } of lines) {
        latest =
          available > 0
            ? await setQuantity.mutateAsync({ variantId, quantity: available })
            : await removeItem.mutateAsync({ variantId });
      }
      return latest;
    },
    onSuccess: (latest) => {
      if (latest) showCart(latest);
      onFixed();
    },
    onError: notifyError,
  });
  return (
    <Alert color="clay" title="Somebody was faster" role="alert" data-testid="out-of-stock">
      <Stack gap="sm">
        <Text size="sm">Nothing was ordered, because not everything is there any more:</Text>
        {lines.map(({ variantId, requested, available }) => {
          const line = cart.lines.find((candidate) => candidate.variantId === variantId);
          return (
            <Group key={variantId} justify="space-between" wrap="nowrap" gap="md">
              <Text size="sm" fw={600}>
                {line?.product.title ?? 'An article'}
              </Text>
              <Text size="sm" style={{ flex: '0 0 auto' }}>
                {available > 0 ? `${available} of ${requested} left` : 'sold out'}
              </Text>
            </Group>
          );
        })}
        <Button variant="light" color="clay" size="sm" loading={fix.isPending} onClick={() => fix.mutate()}>
          Take what is there
        </Button>
      </Stack>
    </Alert>
  );
}
