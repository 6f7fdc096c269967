import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';
import { StorefrontLayout } from '../../storefront/layout/storefront-layout.tsx';
import { RootLayout } from '../root-layout.tsx';
import type { RouterContext } from './guards.ts';

export const root = createRootRouteWithContext<RouterContext>()({
  component: RootLayout,
});

/** What all pages but the dashboard's stand in. */
export const storefront = createRoute({ getParentRoute: () => root, id: 'storefront', component: StorefrontLayout });
