import { Container, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useShopConfig } from '../../app/hooks.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { CategoryTiles } from './category-tiles.tsx';
import { HeroArt } from './hero-art.tsx';
import { ProductShelf } from './product-shelf.tsx';
import classes from './home.module.css';

/** The front door: what the shop is, its departments, what is new and what is liked. */
export function HomePage() {
  const { data: config } = useShopConfig();
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
          <CategoryTiles />
          <ProductShelf title="Just in" sort="newest" />
          <ProductShelf title="Best loved" sort="rating" />
        </Stack>
      </Container>
    </>
  );
}
