import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconShoppingBagPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useAddToCart, useCart, useShopConfig } from '../../app/hooks.ts';
import type { Selection } from '../../lib/option-matrix.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Price } from '../../ui/price.tsx';
import { QuantityInput } from '../../ui/quantity-input.tsx';
import { InlineError } from '../../ui/states.tsx';
import { WishButton } from '../wishlist/wish-button.tsx';
import { OptionPicker } from './option-picker.tsx';
import { StockHint } from './stock-hint.tsx';

type Product = RouterOutputs['catalog']['products']['bySlug'];
type Variant = Product['variants'][number];

interface BuyBoxProps {
  product: Product;
  variant: Variant | undefined;
  /** It was for sale when the page opened, and is no more. */
  isGone: boolean;
  selection: Selection;
  onSelect: (selection: Selection) => void;
}

/** Price of the chosen variant, the choice itself, and the way into the cart. */
export function BuyBox({ product, variant, isGone, selection, onSelect }: BuyBoxProps) {
  const { data: config } = useShopConfig();
  const { data: cart } = useCart();
  const [wanted, setWanted] = useState(1);
  const add = useAddToCart();
  const inCart = cart?.lines.find((line) => line.variantId === variant?.id)?.quantity ?? 0;
  const onSale = variant?.salePrice !== undefined && variant.salePrice.amount < variant.price.amount;
  const available = variant?.available ?? 0;
  const max = Math.max(1, Math.min(available, config?.limits.maxQuantity ?? 999));
  // What is left can become less than what was wanted while the page stands.
  const quantity = Math.min(wanted, max);

  const addToCart = () => {
    if (!variant) return;
    add.mutate(
      { variantId: variant.id, quantity },
      {
        onSuccess: () => {
          setWanted(1);
          notifications.show({ color: 'pine', title: 'In your cart', message: product.title, autoClose: 3_500 });
        },
      },
    );
  };

  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div aria-live="polite">
          {variant ? (
            <Price
              price={onSale && variant.salePrice ? variant.salePrice : variant.price}
              compareAt={onSale ? variant.price : undefined}
              size="xl"
            />
          ) : (
            <Price price={product.price} compareAt={product.compareAt} size="xl" from />
          )}
          <Text size="xs" c="dimmed">
            {config?.taxMode === 'inclusive' ? 'Tax included, plus shipping' : 'Plus tax and shipping'}
          </Text>
        </div>
        <WishButton product={product} size="xl" />
      </Group>
      {product.options.map((option) => (
        <OptionPicker
          key={option.name}
          option={option}
          variants={product.variants}
          selection={selection}
          onSelect={onSelect}
        />
      ))}
      <StockHint variant={variant} isGone={isGone} />
      <Group gap="sm" wrap="nowrap">
        <QuantityInput
          value={quantity}
          onChange={setWanted}
          max={max}
          disabled={available === 0}
          label="Quantity"
          size="md"
        />
        <Button
          flex={1}
          size="md"
          disabled={available === 0}
          loading={add.isPending}
          onClick={addToCart}
          leftSection={<IconShoppingBagPlus size={19} />}
        >
          {isGone ? 'No longer sold' : variant && available === 0 ? 'Sold out' : 'Add to cart'}
        </Button>
      </Group>
      <InlineError error={add.error} />
      {inCart > 0 && (
        <Group justify="space-between" px="md" py={8} bg="pine.0" bdrs="md">
          <Text size="sm">{inCart} in your cart</Text>
          <ButtonLink to="/cart" variant="subtle" size="compact-sm">
            View cart
          </ButtonLink>
        </Group>
      )}
    </Stack>
  );
}
