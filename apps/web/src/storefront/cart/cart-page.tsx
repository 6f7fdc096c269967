import { Alert, Button, Divider, Grid, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconShoppingBag } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { CART_SCOPE, notifyError, useCart, useShopConfig, useShowCart } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { PriceSteps } from '../../ui/price-steps.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { CartLine } from './cart-line.tsx';
import { CouponField } from './coupon-field.tsx';

/** What is in the cart, what changed about it, and what it costs. */
export function CartPage() {
  const cart = useCart();
  const { data: config } = useShopConfig();
  const showCart = useShowCart();
  const trpc = useTrpc();
  const clear = useMutation(
    trpc.cart.clear.mutationOptions({ ...CART_SCOPE, onSuccess: showCart, onError: notifyError }),
  );

  if (cart.isPending) return <CartSkeleton />;
  if (cart.isError) {
    return (
      <Page title="Cart">
        <ErrorState error={cart.error} onRetry={() => void cart.refetch()} />
      </Page>
    );
  }
  const { lines, pricing, coupon, itemCount } = cart.data;
  if (lines.length === 0) {
    return (
      <Page title="Cart">
        <NothingHere
          icon={<IconShoppingBag size={46} stroke={1.3} />}
          title="Your cart is empty"
          description="Whatever you add waits here for you."
        >
          <ButtonLink to="/products">Look around</ButtonLink>
        </NothingHere>
      </Page>
    );
  }
  const blocked = lines.some((line) =>
    line.notices.some((notice) => notice.kind === 'unavailable' || notice.kind === 'insufficient_stock'),
  );
  return (
    <Page title="Cart" description={`${itemCount} ${itemCount === 1 ? 'item' : 'items'}`}>
      <Grid gap={{ base: 'lg', md: 40 }} align="flex-start">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Articles in your cart">
            {lines.map((line) => (
              <CartLine key={line.lineId} line={line} maxQuantity={config?.limits.maxQuantity ?? 999} />
            ))}
          </Stack>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            mt="lg"
            loading={clear.isPending}
            onClick={() => clear.mutate()}
          >
            Empty the cart
          </Button>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper p="lg" component="section" aria-labelledby="summary">
            <Stack gap="md">
              <Title order={2} size="h3" id="summary">
                Summary
              </Title>
              <PriceSteps steps={pricing.steps} total={pricing.total} stale={cart.isFetching && !cart.isPending} />
              <Text size="xs" c="dimmed">
                {config?.taxMode === 'inclusive' ? 'Shipping comes' : 'Shipping and tax come'} with your address at
                checkout.
              </Text>
              <Divider />
              <CouponField coupon={coupon} isCounted={pricing.steps.some(({ kind }) => kind === 'discount')} />
              {blocked && (
                <Alert color="clay" title="Something needs your attention">
                  Change or remove the marked articles to go on.
                </Alert>
              )}
              <ButtonLink to="/checkout" size="md" fullWidth disabled={blocked} data-testid="to-checkout">
                Go to checkout
              </ButtonLink>
            </Stack>
          </Paper>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function CartSkeleton() {
  return (
    <Page title="Cart">
      <Grid gap={40} aria-busy role="status" aria-label="Loading your cart">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack>
            {[1, 2, 3].map((key) => (
              <Skeleton key={key} h={110} />
            ))}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Skeleton h={300} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}
