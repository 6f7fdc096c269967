import { Divider, Grid, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useCategoryTree } from '../../app/hooks.ts';
import { useLiveProduct } from '../../app/live-products.tsx';
import { useTrpc } from '../../app/shop-context.tsx';
import { deepestPath } from '../../lib/category-path.ts';
import { reasonOf } from '../../lib/errors.ts';
import { findVariant, initialSelection } from '../../lib/option-matrix.ts';
import type { Selection } from '../../lib/option-matrix.ts';
import { currentProduct } from '../../lib/product-watch.ts';
import { TextLink } from '../../ui/links.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Stars } from '../../ui/stars.tsx';
import { Trail } from '../../ui/trail.tsx';
import { BuyBox } from './buy-box.tsx';
import { Gallery } from './gallery.tsx';
import { RelatedProducts } from './related-products.tsx';
import { Reviews } from './reviews.tsx';

export type Product = RouterOutputs['catalog']['products']['bySlug'];

const route = getRouteApi('/storefront/p/$slug');

/** One product: pictures, choice, price, words and reviews. Price and stock follow the shop. */
export function ProductPage() {
  const { slug } = route.useParams();
  const product = useQuery(useTrpc().catalog.products.bySlug.queryOptions({ slug }, { staleTime: 10_000 }));
  if (product.isError) {
    if (reasonOf(product.error) === 'NOT_FOUND') {
      return (
        <NotFoundPage
          title="This product is gone"
          description="It may be sold no longer. Its neighbours are still here."
        />
      );
    }
    return (
      <Page title="Product" heading={null}>
        <ErrorState error={product.error} onRetry={() => void product.refetch()} />
      </Page>
    );
  }
  if (product.isPending) return <ProductSkeleton />;
  return <ProductView key={product.data.id} product={product.data} />;
}

function ProductView({ product: read }: { product: Product }) {
  const live = useLiveProduct(read.id);
  const product = currentProduct(read, live);
  const [selection, setSelection] = useState<Selection>(() => initialSelection(product.variants));
  const variant = findVariant(product.options, product.variants, selection);
  const { data: tree } = useCategoryTree();
  const trail = deepestPath(
    tree?.items ?? [],
    product.categories.map((category) => category.slug),
  );
  const attributes = Object.entries(product.attributes);
  return (
    <Page
      title={product.title}
      heading={null}
      breadcrumbs={<Trail steps={trail.length > 0 ? trail : product.categories.slice(0, 1)} current={product.title} />}
    >
      <Grid gap={{ base: 'lg', md: 56 }} align="flex-start">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Gallery images={product.images} alts={product.imageAlts} first={variant?.image} title={product.title} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <Stack gap={6}>
              {product.brand && (
                <TextLink to="/b/$slug" params={{ slug: product.brand.slug }} size="sm" c="dimmed" w="fit-content">
                  {product.brand.name}
                </TextLink>
              )}
              <Title order={1} fz={{ base: 26, md: 32 }}>
                {product.title}
              </Title>
              <a href="#reviews" aria-label="To the reviews" style={{ textDecoration: 'none', width: 'fit-content' }}>
                <Stars average={product.rating.average} count={product.rating.count} size="sm" />
              </a>
            </Stack>
            <BuyBox
              product={product}
              variant={variant}
              isGone={live?.status === 'inactive'}
              selection={selection}
              onSelect={setSelection}
            />
            <Divider />
            {product.description !== '' && (
              <Text style={{ whiteSpace: 'pre-line' }} maw="62ch">
                {product.description}
              </Text>
            )}
            {attributes.length > 0 && (
              <Table aria-label="Details" verticalSpacing={7} fz="sm">
                <Table.Tbody>
                  {attributes.map(([name, value]) => (
                    <Table.Tr key={name}>
                      <Table.Th scope="row" fw={500} c="dimmed" w="38%" pl={0}>
                        {name}
                      </Table.Th>
                      <Table.Td>{value}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
      <RelatedProducts productId={product.id} />
      <Reviews productId={product.id} />
    </Page>
  );
}

function ProductSkeleton() {
  return (
    <Page title="Product" heading={null}>
      <Grid gap={{ base: 'lg', md: 56 }} aria-busy role="status" aria-label="Loading the product">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Skeleton style={{ aspectRatio: '1' }} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Skeleton h={14} w="25%" />
            <Skeleton h={34} w="80%" />
            <Skeleton h={16} w="40%" />
            <Skeleton h={30} w="30%" mt="lg" />
            <Skeleton h={44} mt="md" />
            <Skeleton h={120} mt="md" />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
