import { Skeleton } from '@mantine/core';
import { IconShoppingBag } from '@tabler/icons-react';
import { useCart, useShopConfig } from '../../app/hooks.ts';
import { useSession } from '../../app/shop-context.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { CheckoutForm } from './checkout-form.tsx';
import { emptyAddress, fromAddress } from './address-form.ts';
import { useLastAddress } from './use-last-address.ts';

/** Everything the checkout starts from: the cart, the shop's rules and the buyer's last address. */
export function CheckoutPage() {
  const session = useSession();
  const cart = useCart();
  const config = useShopConfig();
  const lastAddress = useLastAddress();

  if (cart.isError || config.isError) {
    const failed = cart.isError ? cart : config;
    return (
      <Page title="Checkout">
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      </Page>
    );
  }
  if (cart.isPending || config.isPending || lastAddress.isLoading) {
    return (
      <Page title="Checkout">
        <Skeleton h={420} role="status" aria-label="Loading the checkout" />
      </Page>
    );
  }
  if (cart.data.lines.length === 0) {
    return (
      <Page title="Checkout">
        <NothingHere
          icon={<IconShoppingBag size={46} stroke={1.3} />}
          title="There is nothing to check out"
          description={
            session
              ? 'Your cart is empty. An order you have just placed is among your orders.'
              : 'Your cart is empty. The link to an order you have just placed is in your mail.'
          }
        >
          <ButtonLink to="/products">Look around</ButtonLink>
          <ButtonLink to={session ? '/orders' : '/find-order'} variant="default">
            {session ? 'Your orders' : 'Find an order'}
          </ButtonLink>
        </NothingHere>
      </Page>
    );
  }
  const start = lastAddress.address
    ? fromAddress(lastAddress.address)
    : emptyAddress(session?.user.name ?? '', config.data.defaultCountry);
  return (
    <Page title="Checkout">
      <CheckoutForm key={session?.user.id ?? 'guest'} isGuest={!session} cart={cart.data} initialAddress={start} />
    </Page>
  );
}
