import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { createProductWatch } from '../lib/product-watch.ts';
import type { LiveProduct, ProductWatch } from '../lib/product-watch.ts';
import { useSubscription } from './live.tsx';
import { useShop, useTrpc } from './shop-context.tsx';

const WatchContext = createContext<ProductWatch | null>(null);

/** Follows all products on screen, wherever they stand on the page, by one subscription. */
export function LiveProductsProvider({ children }: { children: ReactNode }) {
  const [watch] = useState(() => createProductWatch());
  return (
    <WatchContext value={watch}>
      <Follower watch={watch} />
      {children}
    </WatchContext>
  );
}

function Follower({ watch }: { watch: ProductWatch }) {
  const shop = useShop();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const productIds = useSyncExternalStore(watch.subscribe, watch.followed);
  const { onChange, byIds } = shop.api.catalog.products;
  // Another set of products goes on where the one before was.
  const place = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (productIds.length === 0) place.current = undefined;
  }, [productIds]);

  useSubscription({
    procedure: {
      subscribe: (input: { productIds: string[] }, handlers: Parameters<typeof onChange.subscribe>[1]) =>
        onChange.subscribe(
          { ...input, ...(place.current !== undefined && { lastEventId: place.current }) },
          {
            ...handlers,
            onData: (value) => {
              place.current = value.id;
              handlers.onData?.(value);
            },
          },
        ),
    },
    input: productIds.length === 0 ? null : { productIds: [...productIds] },
    onEvent: (event) => {
      if (event.type === 'product.changed') watch.changed(event);
    },
    onStale: (reason) => {
      // After a lost connection all that was missed is told, in order.
      if (reason === 'resumed') return;
      const take = watch.readAnew();
      // What can't be read now is told by the page's own queries; the next loss or change asks again.
      byIds.query({ ids: [...productIds] }).then(
        ({ items }) => take(productIds, items),
        () => undefined,
      );
      void queryClient.invalidateQueries(trpc.catalog.products.bySlug.pathFilter());
    },
  });
  return null;
}

/** What is known of a product since the page read it; keeps it followed while the component stands. */
export function useLiveProduct(productId: string): LiveProduct | undefined {
  const watch = useContext(WatchContext);
  if (!watch) throw new Error('Live products need a LiveProductsProvider above');
  useEffect(() => watch.look(productId), [watch, productId]);
  return useSyncExternalStore(watch.subscribe, () => watch.known(productId));
}
