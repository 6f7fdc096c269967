import { createRouter } from '@tanstack/react-router';
import type { Cartwright } from '@cartwright/sdk';
import { parseSearch, stringifySearch } from '../lib/search-params.ts';
import { ErrorPage } from '../ui/error-page.tsx';
import { PageLoader } from '../ui/states.tsx';
import { routeTree } from './routes.ts';

/** The router of one page, with its own history. */
export function createAppRouter(context: { shop: Cartwright }) {
  return createRouter({
    routeTree,
    context,
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultPendingComponent: PageLoader,
    defaultErrorComponent: ErrorPage,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
