import { Badge, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { useLiveProduct } from '../app/live-products.tsx';
import { currentCard } from '../lib/product-watch.ts';
import { MarkedText } from '../ui/marked-text.tsx';
import { Price } from '../ui/price.tsx';
import { ProductImage } from '../ui/product-image.tsx';
import { Stars } from '../ui/stars.tsx';
import { WishButton } from './wishlist/wish-button.tsx';
import classes from './product-card.module.css';

export type ProductCardData = RouterOutputs['catalog']['products']['list']['items'][number] & {
  /** What was searched for, where a search found it. */
  highlights?: RouterOutputs['search']['products']['items'][number]['highlights'];
};

/** A product in a list, with price and stock as they are now. The whole card leads to it; the title is the link's name. */
export function ProductCard({ product: read, eager = false }: { product: ProductCardData; eager?: boolean }) {
  const product = currentCard(read, useLiveProduct(read.id));
  const onSale = product.compareAt !== undefined && product.compareAt.amount > product.price.amount;
  return (
    <article className={classes['card']} data-testid="product-card">
      <div className={classes['picture']} data-sold-out={!product.available}>
        <ProductImage image={product.image} alt="" eager={eager} />
        {(onSale || !product.available) && (
          <Badge className={classes['flag']} color={product.available ? 'clay.7' : 'gray.7'} variant="filled">
            {product.available ? saleLabel(product) : 'Sold out'}
          </Badge>
        )}
        <WishButton product={product} className={classes['wish']} />
      </div>
      <Stack gap={3} pt="sm">
        {product.brand && (
          <Text size="xs" c="dimmed">
            <MarkedText text={product.brand.name} ranges={read.highlights?.brand ?? []} />
          </Text>
        )}
        <Link to="/p/$slug" params={{ slug: product.slug }} className={classes['title']}>
          <MarkedText text={product.title} ranges={read.highlights?.title ?? []} />
        </Link>
        <Stars average={product.rating.average} count={product.rating.count} />
        <Price price={product.price} compareAt={product.compareAt} from={product.variantCount > 1 && !onSale} />
      </Stack>
    </article>
  );
}

function saleLabel({ price, compareAt }: ProductCardData): string {
  const percent = compareAt ? Math.round((1 - price.amount / compareAt.amount) * 100) : 0;
  return percent >= 1 ? `−${percent} %` : 'Sale';
}
