import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readBrandSearch, readListingSearch, readSearchPageSearch } from '../../lib/product-filters.ts';
import { compact, wordParam } from '../../lib/search-params.ts';
import { CartPage } from '../../storefront/cart/cart-page.tsx';
import { HomePage } from '../../storefront/home/home-page.tsx';
import { AllProductsPage, BrandPage, CategoryPage } from '../../storefront/listing/listing-pages.tsx';
import { SearchPage } from '../../storefront/listing/search-page.tsx';
import { ProductPage } from '../../storefront/product/product-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { storefront } from './frames.ts';
import { requireOrderAccess, requireSession } from './guards.ts';

const home = createRoute({ getParentRoute: () => storefront, path: '/', component: HomePage });
const allProducts = createRoute({
  getParentRoute: () => storefront,
  path: '/products',
  validateSearch: readListingSearch,
  component: AllProductsPage,
});
const category = createRoute({
  getParentRoute: () => storefront,
  path: '/c/$slug',
  validateSearch: readListingSearch,
  component: CategoryPage,
});
const brand = createRoute({
  getParentRoute: () => storefront,
  path: '/b/$slug',
  validateSearch: readBrandSearch,
  component: BrandPage,
});
const search = createRoute({
  getParentRoute: () => storefront,
  path: '/search',
  validateSearch: readSearchPageSearch,
  component: SearchPage,
});
const product = createRoute({ getParentRoute: () => storefront, path: '/p/$slug', component: ProductPage });
const cart = createRoute({ getParentRoute: () => storefront, path: '/cart', component: CartPage });
const checkout = createRoute({
  getParentRoute: () => storefront,
  path: '/checkout',
  component: lazyRouteComponent(() => import('../../storefront/checkout/checkout-page.tsx'), 'CheckoutPage'),
});
const orders = createRoute({
  getParentRoute: () => storefront,
  path: '/orders',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/orders/orders-page.tsx'), 'OrdersPage'),
});
const findOrder = createRoute({
  getParentRoute: () => storefront,
  path: '/find-order',
  component: lazyRouteComponent(() => import('../../storefront/orders/find-order-page.tsx'), 'FindOrderPage'),
});
const order = createRoute({
  getParentRoute: () => storefront,
  path: '/orders/$orderId',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ payment: wordParam(raw['payment'], ['success', 'canceled'] as const) }),
  beforeLoad: requireOrderAccess,
  component: lazyRouteComponent(() => import('../../storefront/orders/order-page.tsx'), 'OrderPage'),
});
/** Whatever else: in the shop's frame, from which people find on. */
const elsewhere = createRoute({ getParentRoute: () => storefront, path: '$', component: NotFoundPage });

/** Looking around, buying, and what became of it. */
export const shopRoutes = [
  home,
  allProducts,
  category,
  brand,
  search,
  product,
  cart,
  checkout,
  orders,
  findOrder,
  order,
  elsewhere,
] as const;
