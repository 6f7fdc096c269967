import { Container, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useShopConfig } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { CategoryTiles } from './category-tiles.tsx';
import { HeroArt } from './hero-art.tsx';
import { ProductShelf } from './product-shelf.tsx';
import classes from './home.module.css';

/** The front door: what the shop is, its departments, what sells, is new and is liked. */
export function HomePage() {
  const { data: config } = useShopConfig();
  const home = useQuery(useTrpc().catalog.home.queryOptions());
  useDocumentTitle(`${config?.shopName ?? 'Cartwright'}: made to be used`);
  return (
    <>
      <section className={classes['hero']} aria-labelledby="hero-title">
        <Container px={{ base: 'md', sm: 'lg' }} className={classes['heroInner']}>
          <Stack gap="lg" maw={560}>
            <Title order={1} id="hero-title" className={classes['heroTitle']}>
              Things that earn their place at home.
            </Title>
            <Text size="lg" className={classes['heroText']}>
              Furniture, tools and everyday goods from makers we know. Honest prices, real stock, no surprises at
              checkout.
            </Text>
            <div className={classes['heroActions']}>
              <ButtonLink to="/products" size="md" color="clay.4" c="gray.9">
                See what’s new
              </ButtonLink>
              <ButtonLink to="/products" search={{ sort: 'rating' }} size="md" variant="outline" color="white">
                Best loved
              </ButtonLink>
            </div>
          </Stack>
          <HeroArt className={classes['art']} />
        </Container>
      </section>
      <Container px={{ base: 'md', sm: 'lg' }}>
        <Stack gap={56} pt={48}>
          {home.isError && !home.data ? (
            <ErrorState error={home.error} onRetry={() => void home.refetch()} />
          ) : (
            <>
              <CategoryTiles categories={home.data?.categories} />
              <ProductShelf title="Best sellers" sort="best_selling" products={home.data?.topSelling} />
              <ProductShelf title="Just in" sort="newest" products={home.data?.newest} />
              <ProductShelf title="Best loved" sort="rating" products={home.data?.highestRated} />
            </>
          )}
        </Stack>
      </Container>
    </>
  );
}
