import { Button, Divider, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconStack2, IconTable } from '@tabler/icons-react';
import { Fragment, useCallback, useRef } from 'react';
import { StockForm } from '../stock-form.tsx';
import { combinationsOf, newVariant, type FieldErrors, type ProductDetail } from './product-values.ts';
import type { ProductForm } from './use-product-form.ts';
import { VariantRow } from './variant-row.tsx';

const VARIANTS_MAX = 100;

interface VariantsSectionProps {
  form: ProductForm;
  currency: string;
  /** Missing while it is made. */
  product: ProductDetail | undefined;
}

/** The versions of a product that are sold. */
export function VariantsSection({ form, currency, product }: VariantsSectionProps) {
  const { values, errors, change, changeVariant } = form;
  const { options, variants } = values;
  const [counting, count] = useDisclosure(false);
  const counter = useRef(0);
  const nextKey = () => `new-${(counter.current += 1)}`;

  const latest = useRef(variants);
  latest.current = variants;
  const remove = useCallback(
    (key: string) => change({ variants: latest.current.filter((variant) => variant.key !== key) }),
    [change],
  );

  const taken = new Set(variants.map(({ choices }) => JSON.stringify(choices)));
  const missing = combinationsOf(options).filter((choices) => !taken.has(JSON.stringify(choices)));
  const addMissing = () => {
    const complete = variants.filter(({ id, sku, choices }) => id !== undefined || sku !== '' || !choices.includes(''));
    const added = missing.slice(0, VARIANTS_MAX - complete.length).map((choices) => newVariant(nextKey(), choices));
    change({ variants: [...complete, ...added] });
  };
  const add = () =>
    change({
      variants: [
        ...variants,
        newVariant(
          nextKey(),
          options.map(() => ''),
        ),
      ],
    });
  return (
    <Paper p="lg" component="section" aria-label="Versions">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            Versions and prices
          </Title>
          {product && (
            <Button size="xs" variant="default" leftSection={<IconStack2 size={15} />} onClick={count.open}>
              Stock
            </Button>
          )}
        </Group>
        {variants.map((variant, place) => (
          <Fragment key={variant.key}>
            {place > 0 && <Divider />}
            <VariantRow
              variant={variant}
              number={place + 1}
              options={options}
              images={product?.images ?? NO_IMAGES}
              currency={currency}
              available={product?.variants.find(({ id }) => id === variant.id)?.available}
              errorText={JSON.stringify(errorsOf(errors, place))}
              onChange={changeVariant}
              onRemove={variants.length > 1 ? remove : undefined}
            />
          </Fragment>
        ))}
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={15} />}
            disabled={variants.length >= VARIANTS_MAX || options.length === 0}
            onClick={add}
          >
            Add a version
          </Button>
          {options.length > 0 && missing.length > 0 && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconTable size={15} />}
              disabled={variants.length >= VARIANTS_MAX}
              onClick={addMissing}
            >
              {missing.length === 1 ? 'Add the missing one' : `Add the ${missing.length} missing ones`}
            </Button>
          )}
        </Group>
        {options.length === 0 && (
          <Text size="xs" c="dimmed">
            For more versions, add an option first.
          </Text>
        )}
      </Stack>
      {product && (
        <Modal opened={counting} onClose={count.close} title={`Stock of ${product.title}`} centered size="lg">
          <StockForm productId={product.id} />
        </Modal>
      )}
    </Paper>
  );
}

const NO_IMAGES: readonly string[] = [];

function errorsOf(errors: FieldErrors, place: number): FieldErrors {
  const prefix = `variants.${place}.`;
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, message]) => [path.slice(prefix.length), message]),
  );
}
