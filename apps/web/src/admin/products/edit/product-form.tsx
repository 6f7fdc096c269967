import { Alert, Button, Grid, Group, List, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isCartwrightError, newIdempotencyKey } from '@cartwright/sdk';
import { useTrpc } from '../../../app/shop-context.tsx';
import { reasonOf } from '../../../lib/errors.ts';
import { InlineError } from '../../../ui/states.tsx';
import { ProductPictures } from '../pictures/product-pictures.tsx';
import { AttributesSection } from './attributes-section.tsx';
import { DetailsSection } from './details-section.tsx';
import { OptionsSection } from './options-section.tsx';
import { OrganisationSection } from './organisation-section.tsx';
import {
  EMPTY_PRODUCT,
  otherErrors,
  skuErrors,
  toCreateInput,
  toFormErrors,
  toUpdateInput,
  toValues,
  validateProduct,
  type ProductDetail,
} from './product-values.ts';
import { RemovedVariants } from './removed-variants.tsx';
import { StatusSection } from './status-section.tsx';
import { UnsavedGuard } from './unsaved-guard.tsx';
import { useProductForm } from './use-product-form.ts';
import { VariantsSection } from './variants-section.tsx';

interface ProductFormProps {
  currency: string;
  /** As the shop knows it now; missing for a new one. */
  product?: ProductDetail;
  /** After it was saved. */
  onSaved: (product: ProductDetail) => void;
}

/** All that can be decided about a product, saved at once. */
export function ProductForm({ currency, product, onSaved }: ProductFormProps) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  // What the fields were filled from: of two who edit at once, the second is told.
  const [base, setBase] = useState(product);
  const form = useProductForm(product ? toValues(product) : EMPTY_PRODUCT);
  const [key, setKey] = useState(newIdempotencyKey);
  const { values, errors, setErrors, isDirty } = form;

  const show = (saved: ProductDetail) => {
    setBase(saved);
    form.reset(toValues(saved));
    setKey(newIdempotencyKey());
    queryClient.setQueryData(trpc.admin.products.byId.queryKey({ id: saved.id }), saved);
    void queryClient.invalidateQueries(trpc.admin.products.pathFilter());
    void queryClient.invalidateQueries(trpc.catalog.pathFilter());
    onSaved(saved);
  };
  const showPictures = (changed: ProductDetail) => {
    queryClient.setQueryData(trpc.admin.products.byId.queryKey({ id: changed.id }), changed);
    const { images, version } = changed;
    // One version further: nobody else changed anything meanwhile, so that what is typed still fits.
    setBase((before) => (before && version === before.version + 1 ? { ...before, images, version } : before));
    const isGone = ({ image }: { image: string | null }) => image !== null && !images.includes(image);
    if (!values.variants.some(isGone)) return;
    form.change({
      variants: values.variants.map((variant) => (isGone(variant) ? { ...variant, image: null } : variant)),
    });
  };
  const options = {
    onSuccess: show,
    onError: (error: unknown) => {
      if (isCartwrightError(error, 'INVALID_INPUT')) setErrors(toFormErrors(error.fields, values));
      if (reasonOf(error) === 'SLUG_TAKEN') setErrors({ slug: 'Another product has this address' });
      if (isCartwrightError(error, 'SKU_TAKEN')) setErrors(skuErrors(error.details?.sku, values));
      // A refused key is free, but what is sent next is another intent.
      setKey(newIdempotencyKey());
    },
  };
  const create = useMutation(trpc.admin.products.create.mutationOptions(options));
  const update = useMutation(trpc.admin.products.update.mutationOptions(options));
  const isSaving = create.isPending || update.isPending;
  const failure = create.error ?? update.error;
  const isStale = reasonOf(failure) === 'VERSION_CONFLICT';

  const save = () => {
    const missing = validateProduct(values, currency);
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    if (base) update.mutate(toUpdateInput(values, base, currency));
    else create.mutate({ ...toCreateInput(values, currency), idempotencyKey: key });
  };
  const reload = async () => {
    if (!base) return;
    const now = await queryClient.fetchQuery(trpc.admin.products.byId.queryOptions({ id: base.id }, { staleTime: 0 }));
    update.reset();
    setBase(now);
    form.reset(toValues(now));
  };
  const undo = () => {
    create.reset();
    update.reset();
    form.reset(base ? toValues(base) : EMPTY_PRODUCT);
  };
  const general = otherErrors(errors);
  const hasErrors = Object.keys(errors).length > 0;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Grid gap="lg" align="flex-start">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <DetailsSection form={form} isNew={!base} />
            {product && (
              <ProductPictures
                productId={product.id}
                images={product.images}
                alts={product.imageAlts}
                onChange={showPictures}
              />
            )}
            <OptionsSection form={form} />
            <VariantsSection form={form} currency={currency} product={product} />
            {base && <RemovedVariants product={base} isDirty={isDirty} onRestored={show} />}
            <AttributesSection form={form} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <StatusSection form={form} />
            <OrganisationSection form={form} />
            {general.length > 0 && (
              <Alert color="red" title="Not saved">
                <List size="sm">
                  {general.map((message) => (
                    <List.Item key={message}>{message}</List.Item>
                  ))}
                </List>
              </Alert>
            )}
            {hasErrors ? (
              <Alert color="red" role="alert">
                Some fields need another look.
              </Alert>
            ) : (
              <InlineError error={failure} />
            )}
            <Group justify="flex-end">
              {isStale && (
                <Button variant="default" onClick={() => void reload()}>
                  Show what it is now
                </Button>
              )}
              {base && !isStale && (
                <Button variant="default" disabled={!isDirty || isSaving} onClick={undo}>
                  Undo changes
                </Button>
              )}
              <Button type="submit" loading={isSaving} disabled={isStale || (base !== undefined && !isDirty)}>
                {base ? 'Save' : 'Create product'}
              </Button>
            </Group>
          </Stack>
        </Grid.Col>
      </Grid>
      <UnsavedGuard isDirty={isDirty} />
    </form>
  );
}
