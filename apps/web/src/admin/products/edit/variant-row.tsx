import { ActionIcon, Grid, Group, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { memo } from 'react';
import { currencySymbol, fractionDigits } from '../../../lib/money-input.ts';
import { ProductImage } from '../../../ui/product-image.tsx';
import type { ProductValues, VariantValues } from './product-values.ts';
import type { ChangeVariant } from './use-product-form.ts';

interface VariantRowProps {
  variant: VariantValues;
  /** Counted from 1, for those who hear the page. */
  number: number;
  options: ProductValues['options'];
  images: readonly string[];
  currency: string;
  /** Pieces that can be promised now, of one that is there. */
  available: number | undefined;
  /** What is wrong with it, by field, as JSON: the row is drawn anew only when that changes. */
  errorText: string;
  onChange: ChangeVariant;
  /** Missing for the last one. */
  onRemove: ((key: string) => void) | undefined;
}

/** One version of a product: what it is, what it costs now and during a sale, and its stock when it is new. */
export const VariantRow = memo(function VariantRow({ variant, number, options, images, ...props }: VariantRowProps) {
  const { currency, available, errorText, onChange, onRemove } = props;
  const errors = JSON.parse(errorText) as Record<string, string>;
  const set = (change: Partial<VariantValues>) => onChange(variant.key, change);
  const money = {
    prefix: currencySymbol(currency),
    decimalScale: fractionDigits(currency),
    min: 0,
    hideControls: true,
  };
  const isOnSale = variant.salePrice !== '' || variant.saleFrom !== '' || variant.saleUntil !== '';
  const quarter = { base: 6, xs: 4, md: 3 };
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap" role="group" aria-label={`Version ${number}`}>
      <Grid gap="xs" flex={1} align="flex-start">
        {options.map(({ name, values }, place) => (
          <Grid.Col span={quarter} key={place}>
            <Select
              label={name || 'Option'}
              data={[...values]}
              value={variant.choices[place] || null}
              onChange={(value) =>
                set({
                  choices: options.map((_, index) =>
                    index === place ? (value ?? '') : (variant.choices[index] ?? ''),
                  ),
                })
              }
              error={place === 0 ? errors['options'] : undefined}
            />
          </Grid.Col>
        ))}
        <Grid.Col span={quarter}>
          <TextInput
            label="SKU"
            required
            maxLength={64}
            value={variant.sku}
            onChange={(event) => set({ sku: event.currentTarget.value })}
            error={errors['sku']}
          />
        </Grid.Col>
        <Grid.Col span={quarter}>
          <NumberInput
            label="Price"
            required
            {...money}
            value={variant.price}
            onChange={(price) => set({ price })}
            error={errors['price']}
          />
        </Grid.Col>
        <Grid.Col span={quarter}>
          <NumberInput
            label="Sale price"
            {...money}
            value={variant.salePrice}
            onChange={(salePrice) => set({ salePrice })}
            error={errors['salePrice']}
          />
        </Grid.Col>
        {isOnSale && (
          <>
            <Grid.Col span={{ base: 12, xs: 6, md: 4 }}>
              <TextInput
                label="Sale from"
                type="datetime-local"
                step={1}
                value={variant.saleFrom}
                onChange={(event) => set({ saleFrom: event.currentTarget.value })}
                error={errors['saleFrom']}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, xs: 6, md: 4 }}>
              <TextInput
                label="Sale until"
                type="datetime-local"
                step={1}
                value={variant.saleUntil}
                onChange={(event) => set({ saleUntil: event.currentTarget.value })}
                error={errors['saleUntil']}
              />
            </Grid.Col>
          </>
        )}
        {variant.id === undefined && (
          <Grid.Col span={quarter}>
            <NumberInput
              label="In the house"
              min={0}
              max={1_000_000}
              allowDecimal={false}
              hideControls
              value={variant.stock}
              onChange={(stock) => set({ stock })}
              error={errors['stock']}
            />
          </Grid.Col>
        )}
        {variant.id !== undefined && (
          <Grid.Col span={quarter}>
            <Text size="sm" fw={500}>
              In stock
            </Text>
            <Text mt={6} className="cw-numeric">
              {available ?? 0}
            </Text>
          </Grid.Col>
        )}
        {images.length > 0 && (
          <Grid.Col span={quarter}>
            <Select
              label="Picture"
              placeholder="The first one"
              clearable
              data={images.map((image, place) => ({ value: image, label: `Picture ${place + 1}` }))}
              value={variant.image}
              onChange={(image) => set({ image })}
              leftSection={variant.image !== null && <ProductImage image={variant.image} alt="" size={24} />}
              renderOption={({ option }) => (
                <Group gap="xs">
                  <ProductImage image={option.value} alt="" size={32} />
                  {option.label}
                </Group>
              )}
              error={errors['image']}
            />
          </Grid.Col>
        )}
      </Grid>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        mt={24}
        disabled={!onRemove}
        aria-label={`Take version ${number} out`}
        onClick={() => onRemove?.(variant.key)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
});
