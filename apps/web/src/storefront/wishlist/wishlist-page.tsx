import { Button, Center, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconHeart, IconHeartOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { pagesOptions } from '../../app/pages.ts';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import { useWish } from '../../app/wishlist.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { ProductCard } from '../product-card.tsx';
import { ProductGridSkeleton } from '../product-grid.tsx';

type Wish = RouterOutputs['wishlist']['list']['items'][number];

/** What the customer remembered for later, last added first. */
export function WishlistPage() {
  const shop = useShop();
  const trpc = useTrpc();
  const wishes = useInfiniteQuery({
    ...pagesOptions(trpc.wishlist.list.infiniteQueryKey(), (page, options) =>
      shop.api.wishlist.list.query({ limit: 24, ...page }, options),
    ),
    staleTime: 0,
  });
  const items = wishes.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Wishlist">
      {wishes.isPending && <ProductGridSkeleton count={6} columns={3} />}
      {wishes.isError && !wishes.data && <ErrorState error={wishes.error} onRetry={() => void wishes.refetch()} />}
      {wishes.data && items.length === 0 && (
        <NothingHere
          icon={<IconHeart size={44} stroke={1.3} />}
          title="Nothing remembered yet"
          description="Press the heart of a product to find it here again."
        >
          <ButtonLink to="/products">Look around</ButtonLink>
        </NothingHere>
      )}
      {items.length > 0 && (
        <SimpleGrid
          cols={{ base: 2, sm: 3 }}
          spacing={{ base: 'md', sm: 'lg' }}
          verticalSpacing={{ base: 'lg', sm: 'xl' }}
        >
          {items.map((wish) =>
            wish.product ? (
              <ProductCard key={wish.productId} product={wish.product} />
            ) : (
              <GoneCard key={wish.productId} wish={wish} />
            ),
          )}
        </SimpleGrid>
      )}
      {wishes.hasNextPage && (
        <Center mt="xl">
          <Button variant="default" loading={wishes.isFetchingNextPage} onClick={() => void wishes.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </Page>
  );
}

/** Something that is no longer sold: what it was called, and the way to let it go. */
function GoneCard({ wish }: { wish: Wish }) {
  const { wished, toggle } = useWish(wish.productId);
  return (
    <Paper component="article" p="md" withBorder h="100%" data-testid="gone-wish">
      <Stack align="center" justify="center" h="100%" gap="xs" ta="center">
        <IconHeartOff size={30} stroke={1.3} aria-hidden />
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {wish.title}
        </Text>
        <Text size="xs" c="dimmed">
          No longer available
        </Text>
        <Button size="xs" variant="default" disabled={!wished} onClick={toggle}>
          Remove
        </Button>
      </Stack>
    </Paper>
  );
}
