import { Alert, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowLeft, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useShopConfig } from '../../../app/hooks.ts';
import { useTrpc } from '../../../app/shop-context.tsx';
import { ButtonLink, TextLink } from '../../../ui/links.tsx';
import { Page } from '../../../ui/page.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { ProductActions } from '../product-actions.tsx';
import { ProductForm } from './product-form.tsx';

const route = getRouteApi('/admin/products/$productId');

const back = (
  <TextLink to="/admin/products" size="sm">
    <IconArrowLeft size={14} aria-hidden /> Products
  </TextLink>
);

/** A new product. */
export function NewProductPage() {
  const navigate = useNavigate();
  const config = useShopConfig();
  return (
    <Page title="New product" breadcrumbs={back}>
      {config.isError && <ErrorState error={config.error} onRetry={() => void config.refetch()} />}
      {config.data && (
        <ProductForm
          currency={config.data.currency}
          onSaved={({ id, title }) => {
            notifications.show({ message: `${title} was created` });
            void navigate({ to: '/admin/products/$productId', params: { productId: id }, ignoreBlocker: true });
          }}
        />
      )}
    </Page>
  );
}

/** A product, to be changed. */
export function AdminProductPage() {
  const { productId } = route.useParams();
  const product = useQuery(useTrpc().admin.products.byId.queryOptions({ id: productId }, { staleTime: 0 }));
  const { data } = product;
  return (
    <Page
      title={data?.title ?? 'Product'}
      breadcrumbs={back}
      actions={
        data?.deletedAt ? (
          <ProductActions product={data} />
        ) : (
          data?.listed && (
            <ButtonLink
              to="/p/$slug"
              params={{ slug: data.slug }}
              variant="default"
              leftSection={<IconExternalLink size={16} />}
            >
              In the shop
            </ButtonLink>
          )
        )
      }
    >
      {product.isPending && <Skeleton h={480} role="status" aria-label="Loading the product" />}
      {product.isError && !data && <ErrorState error={product.error} onRetry={() => void product.refetch()} />}
      {data?.deletedAt && (
        <Alert color="gray" title="It was removed">
          Shoppers don’t see it. Restore it before you change it.
        </Alert>
      )}
      {data && !data.deletedAt && (
        <ProductForm
          key={data.id}
          currency={data.price.currency}
          product={data}
          onSaved={() => notifications.show({ message: 'Saved' })}
        />
      )}
    </Page>
  );
}
