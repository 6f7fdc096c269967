import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { LiveProductsProvider } from './live-products.tsx';
import { LiveProvider } from './live.tsx';
import type { AppRouter } from './router.ts';
import { ShopProvider } from './shop-context.tsx';
import type { ShopContextValue } from './shop-context.tsx';
import { WishlistProvider } from './wishlist.tsx';
import { resolveVariables, theme } from './theme.ts';

interface AppProps {
  context: ShopContextValue;
  queryClient: QueryClient;
  router: AppRouter;
}

/** The whole app around its router. */
export function App({ context, queryClient, router }: AppProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="light">
      <QueryClientProvider client={queryClient}>
        <ShopProvider value={context}>
          <LiveProvider>
            <LiveProductsProvider>
              <Notifications position="bottom-right" limit={3} />
              <WishlistProvider>
                <RouterProvider router={router} />
              </WishlistProvider>
            </LiveProductsProvider>
          </LiveProvider>
        </ShopProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
