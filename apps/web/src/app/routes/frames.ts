import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';
import { createElement } from 'react';
import { StorefrontLayout } from '../../storefront/layout/storefront-layout.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { RootLayout } from '../root-layout.tsx';
import type { RouterContext } from './guards.ts';

export const root = createRootRouteWithContext<RouterContext>()({
  component: RootLayout,
  notFoundComponent: () => createElement(NotFoundPage),
});

/** What all pages but the dashboard's stand in. */
export const storefront = createRoute({ getParentRoute: () => root, id: 'storefront', component: StorefrontLayout });
