import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { createElement } from 'react';
import type { Cartwright } from '@cartwright/sdk';
import { readBrandSearch, readListingSearch, readSearchPageSearch } from '../lib/product-filters.ts';
import { compact, dayParam, localPath, textParam, wordParam } from '../lib/search-params.ts';
import { CartPage } from '../storefront/cart/cart-page.tsx';
import { HomePage } from '../storefront/home/home-page.tsx';
import { StorefrontLayout } from '../storefront/layout/storefront-layout.tsx';
import { AllProductsPage, BrandPage, CategoryPage } from '../storefront/listing/listing-pages.tsx';
import { SearchPage } from '../storefront/listing/search-page.tsx';
import { ProductPage } from '../storefront/product/product-page.tsx';
import { NotFoundPage } from '../ui/not-found-page.tsx';
import { RootLayout } from './root-layout.tsx';

interface RouterContext {
  shop: Cartwright;
}

/** Lets only signed-in visitors on; the others come back here after signing in. */
function requireSession({ context, location }: { context: RouterContext; location: { href: string } }): void {
  if (!context.shop.session.current()) throw redirect({ to: '/sign-in', search: { next: location.href } });
}

/**
 * The page of an order: for the signed-in, and for whoever holds its token. That of a mailed link stands behind the `#`; it
 * is kept and taken out of the address at once, so that it stays neither in the history nor on the screen.
 */
async function requireOrderAccess({
  context: { shop },
  location,
  params: { orderId },
}: {
  context: RouterContext;
  location: { hash: string; search: { payment?: 'success' | 'canceled' } };
  params: { orderId: string };
}): Promise<void> {
  if (location.hash !== '') {
    await shop.orders.keepToken(orderId, location.hash);
    throw redirect({ to: '/orders/$orderId', params: { orderId }, search: location.search, replace: true });
  }
  if (!shop.session.current() && shop.orders.token(orderId) === undefined) throw redirect({ to: '/find-order' });
}

/** The other way round, for the sign-in pages. */
function requireNoSession({ context, search }: { context: RouterContext; search: { next?: string } }): void {
  if (context.shop.session.current()) throw redirect({ href: search.next ?? '/' });
}

/** Pages of administrators: other staff are led to what is theirs. The API decides again on each call. */
function requireAdmin({ context }: { context: RouterContext }): void {
  if (context.shop.session.current()?.user.role === 'staff') throw redirect({ to: '/admin/orders' });
}

const readNext = (raw: Record<string, unknown>): { next?: string } => compact({ next: localPath(raw['next']) });

const root = createRootRouteWithContext<RouterContext>()({
  component: RootLayout,
  notFoundComponent: () => createElement(NotFoundPage),
});

const storefront = createRoute({ getParentRoute: () => root, id: 'storefront', component: StorefrontLayout });

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

const signIn = createRoute({
  getParentRoute: () => storefront,
  path: '/sign-in',
  validateSearch: readNext,
  beforeLoad: requireNoSession,
  component: lazyRouteComponent(() => import('../storefront/account/sign-in-page.tsx'), 'SignInPage'),
});
const register = createRoute({
  getParentRoute: () => storefront,
  path: '/register',
  validateSearch: readNext,
  beforeLoad: requireNoSession,
  component: lazyRouteComponent(() => import('../storefront/account/register-page.tsx'), 'RegisterPage'),
});
const acceptInvite = createRoute({
  getParentRoute: () => storefront,
  path: '/accept-invite',
  component: lazyRouteComponent(() => import('../storefront/account/accept-invite-page.tsx'), 'AcceptInvitePage'),
});
const forgotPassword = createRoute({
  getParentRoute: () => storefront,
  path: '/forgot-password',
  component: lazyRouteComponent(
    () => import('../storefront/account/links/forgot-password-page.tsx'),
    'ForgotPasswordPage',
  ),
});
const resetPassword = createRoute({
  getParentRoute: () => storefront,
  path: '/reset-password',
  component: lazyRouteComponent(
    () => import('../storefront/account/links/reset-password-page.tsx'),
    'ResetPasswordPage',
  ),
});
const verifyEmail = createRoute({
  getParentRoute: () => storefront,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('../storefront/account/links/link-pages.tsx'), 'VerifyEmailPage'),
});
const confirmEmail = createRoute({
  getParentRoute: () => storefront,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('../storefront/account/links/link-pages.tsx'), 'ConfirmEmailPage'),
});
const undoEmailChange = createRoute({
  getParentRoute: () => storefront,
  path: '/undo-email-change',
  component: lazyRouteComponent(() => import('../storefront/account/links/link-pages.tsx'), 'UndoEmailChangePage'),
});
const keepAccount = createRoute({
  getParentRoute: () => storefront,
  path: '/keep-account',
  component: lazyRouteComponent(() => import('../storefront/account/links/link-pages.tsx'), 'KeepAccountPage'),
});
/** The account's pages beside their navigation. */
const accountFrame = createRoute({
  getParentRoute: () => storefront,
  id: 'account',
  component: lazyRouteComponent(() => import('../storefront/account/account-layout.tsx'), 'AccountLayout'),
});
const profile = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/profile',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/account/details/profile-page.tsx'), 'ProfilePage'),
});
const addresses = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/addresses',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/account/details/addresses-page.tsx'), 'AddressesPage'),
});
const data = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/data',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/account/details/data-page.tsx'), 'DataPage'),
});
const wishlist = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/wishlist',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/wishlist/wishlist-page.tsx'), 'WishlistPage'),
});
const account = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/account/account-page.tsx'), 'AccountPage'),
});
const security = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/security',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/account/security/security-page.tsx'), 'SecurityPage'),
});
const sessions = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/sessions',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/account/security/sessions-page.tsx'), 'SessionsPage'),
});
const notifications = createRoute({
  getParentRoute: () => storefront,
  path: '/account/notifications',
  validateSearch: (raw: Record<string, unknown>) => compact({ show: wordParam(raw['show'], ['unread'] as const) }),
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../notifications/notifications-page.tsx'), 'NotificationsPage'),
});
const notificationPreferences = createRoute({
  getParentRoute: () => storefront,
  path: '/account/notifications/preferences',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../notifications/preferences-page.tsx'), 'NotificationPreferencesPage'),
});
const checkout = createRoute({
  getParentRoute: () => storefront,
  path: '/checkout',
  component: lazyRouteComponent(() => import('../storefront/checkout/checkout-page.tsx'), 'CheckoutPage'),
});
const orders = createRoute({
  getParentRoute: () => storefront,
  path: '/orders',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../storefront/orders/orders-page.tsx'), 'OrdersPage'),
});
const findOrder = createRoute({
  getParentRoute: () => storefront,
  path: '/find-order',
  component: lazyRouteComponent(() => import('../storefront/orders/find-order-page.tsx'), 'FindOrderPage'),
});
const order = createRoute({
  getParentRoute: () => storefront,
  path: '/orders/$orderId',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ payment: wordParam(raw['payment'], ['success', 'canceled'] as const) }),
  beforeLoad: requireOrderAccess,
  component: lazyRouteComponent(() => import('../storefront/orders/order-page.tsx'), 'OrderPage'),
});

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../admin/admin-layout.tsx'), 'AdminLayout'),
});
const adminDashboard = createRoute({
  getParentRoute: () => admin,
  path: '/',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({
      days: wordParam(raw['days'], ['7', '30', '90', '365'] as const),
      compare: wordParam(raw['compare'], ['period', 'year'] as const),
    }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/dashboard/dashboard-page.tsx'), 'DashboardPage'),
});
const adminOrders = createRoute({
  getParentRoute: () => admin,
  path: '/orders',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({
      q: textParam(raw['q'], 100),
      status: wordParam(raw['status'], ['pending', 'paid', 'canceled'] as const),
      payment: wordParam(raw['payment'], ['unpaid', 'processing', 'paid', 'partially_refunded', 'refunded'] as const),
      parcel: wordParam(raw['parcel'], ['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'] as const),
      from: dayParam(raw['from']),
      to: dayParam(raw['to']),
    }),
  component: lazyRouteComponent(() => import('../admin/orders-page.tsx'), 'AdminOrdersPage'),
});
const adminOrder = createRoute({
  getParentRoute: () => admin,
  path: '/orders/$orderId',
  component: lazyRouteComponent(() => import('../admin/order-page.tsx'), 'AdminOrderPage'),
});
const adminCoupons = createRoute({
  getParentRoute: () => admin,
  path: '/coupons',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/coupons-page.tsx'), 'AdminCouponsPage'),
});
const adminCoupon = createRoute({
  getParentRoute: () => admin,
  path: '/coupons/$couponId',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/coupons/coupon-page.tsx'), 'AdminCouponPage'),
});
const adminProducts = createRoute({
  getParentRoute: () => admin,
  path: '/products',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({
      q: textParam(raw['q'], 100),
      show: wordParam(raw['show'], ['active', 'draft', 'archived', 'removed'] as const),
    }),
  component: lazyRouteComponent(() => import('../admin/products/products-page.tsx'), 'AdminProductsPage'),
});
const adminNewProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/new',
  component: lazyRouteComponent(() => import('../admin/products/edit/product-pages.tsx'), 'NewProductPage'),
});
const adminProductFiles = createRoute({
  getParentRoute: () => admin,
  path: '/products/files',
  component: lazyRouteComponent(() => import('../admin/products/files/files-page.tsx'), 'ProductFilesPage'),
});
const adminProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/$productId',
  component: lazyRouteComponent(() => import('../admin/products/edit/product-pages.tsx'), 'AdminProductPage'),
});
const adminCategories = createRoute({
  getParentRoute: () => admin,
  path: '/categories',
  component: lazyRouteComponent(() => import('../admin/references/categories-page.tsx'), 'AdminCategoriesPage'),
});
const adminBrands = createRoute({
  getParentRoute: () => admin,
  path: '/brands',
  component: lazyRouteComponent(() => import('../admin/references/brands-page.tsx'), 'AdminBrandsPage'),
});
const adminUploads = createRoute({
  getParentRoute: () => admin,
  path: '/uploads',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ show: wordParam(raw['show'], ['ready', 'rejected'] as const) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/uploads/uploads-page.tsx'), 'AdminUploadsPage'),
});
const adminReviews = createRoute({
  getParentRoute: () => admin,
  path: '/reviews',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ show: wordParam(raw['show'], ['reported', 'hidden'] as const) }),
  component: lazyRouteComponent(() => import('../admin/reviews/reviews-page.tsx'), 'AdminReviewsPage'),
});

const adminJobs = createRoute({
  getParentRoute: () => admin,
  path: '/jobs',
  validateSearch: (raw: Record<string, unknown>) => compact({ queue: textParam(raw['queue'], 60) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/jobs-page.tsx'), 'JobsPage'),
});

const adminUsers = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({
      q: textParam(raw['q'], 100),
      role: wordParam(raw['role'], ['customer', 'staff', 'admin'] as const),
      show: wordParam(raw['show'], ['banned', 'unverified', 'invited'] as const),
    }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/people/users-page.tsx'), 'UsersPage'),
});
const adminUser = createRoute({
  getParentRoute: () => admin,
  path: '/users/$userId',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/people/user-page.tsx'), 'UserPage'),
});
const adminSettings = createRoute({
  getParentRoute: () => admin,
  path: '/settings',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/settings/settings-page.tsx'), 'SettingsPage'),
});
const adminAudit = createRoute({
  getParentRoute: () => admin,
  path: '/audit',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({
      actor: textParam(raw['actor'], 64),
      target: textParam(raw['target'], 64),
      action: textParam(raw['action'], 100),
      outcome: wordParam(raw['outcome'], ['ok', 'refused', 'unknown'] as const),
      from: textParam(raw['from'], 10),
      to: textParam(raw['to'], 10),
    }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/audit/audit-page.tsx'), 'AuditPage'),
});

const adminWebhooks = createRoute({
  getParentRoute: () => admin,
  path: '/webhooks',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ status: wordParam(raw['status'], ['received', 'applied', 'ignored', 'unmatched'] as const) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const adminReconciliation = createRoute({
  getParentRoute: () => admin,
  path: '/reconciliation',
  validateSearch: (raw: Record<string, unknown>) => compact({ report: textParam(raw['report'], 64) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../admin/reconciliation/reconciliation-page.tsx'), 'ReconciliationPage'),
});

export const routeTree = root.addChildren([
  storefront.addChildren([
    home,
    allProducts,
    category,
    brand,
    search,
    product,
    cart,
    signIn,
    register,
    forgotPassword,
    resetPassword,
    verifyEmail,
    confirmEmail,
    undoEmailChange,
    keepAccount,
    accountFrame.addChildren([account, profile, addresses, wishlist, security, sessions, data]),
    acceptInvite,
    notifications,
    notificationPreferences,
    checkout,
    orders,
    order,
    findOrder,
  ]),
  admin.addChildren([
    adminDashboard,
    adminOrders,
    adminOrder,
    adminProducts,
    adminNewProduct,
    adminProductFiles,
    adminProduct,
    adminCategories,
    adminBrands,
    adminCoupons,
    adminCoupon,
    adminReviews,
    adminUploads,
    adminJobs,
    adminUsers,
    adminUser,
    adminAudit,
    adminWebhooks,
    adminReconciliation,
    adminSettings,
  ]),
]);
