import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, dayParam, textParam, wordParam } from '../../lib/search-params.ts';
import { root } from './frames.ts';
import { requireAdmin, requireSession } from './guards.ts';

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../admin/admin-layout.tsx'), 'AdminLayout'),
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
  component: lazyRouteComponent(() => import('../../admin/dashboard/dashboard-page.tsx'), 'DashboardPage'),
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
      returns: wordParam(raw['returns'], ['asked'] as const),
      from: dayParam(raw['from']),
      to: dayParam(raw['to']),
    }),
  component: lazyRouteComponent(() => import('../../admin/orders-page.tsx'), 'AdminOrdersPage'),
});
const adminOrder = createRoute({
  getParentRoute: () => admin,
  path: '/orders/$orderId',
  component: lazyRouteComponent(() => import('../../admin/order-page.tsx'), 'AdminOrderPage'),
});
const adminCoupons = createRoute({
  getParentRoute: () => admin,
  path: '/coupons',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../../admin/coupons-page.tsx'), 'AdminCouponsPage'),
});
const adminCoupon = createRoute({
  getParentRoute: () => admin,
  path: '/coupons/$couponId',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../../admin/coupons/coupon-page.tsx'), 'AdminCouponPage'),
});
const adminProducts = createRoute({
  getParentRoute: () => admin,
  path: '/products',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({
      q: textParam(raw['q'], 100),
      show: wordParam(raw['show'], ['active', 'draft', 'archived', 'removed'] as const),
    }),
  component: lazyRouteComponent(() => import('../../admin/products/products-page.tsx'), 'AdminProductsPage'),
});
const adminNewProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/new',
  component: lazyRouteComponent(() => import('../../admin/products/edit/product-pages.tsx'), 'NewProductPage'),
});
const adminProductFiles = createRoute({
  getParentRoute: () => admin,
  path: '/products/files',
  component: lazyRouteComponent(() => import('../../admin/products/files/files-page.tsx'), 'ProductFilesPage'),
});
const adminProduct = createRoute({
  getParentRoute: () => admin,
  path: '/products/$productId',
  component: lazyRouteComponent(() => import('../../admin/products/edit/product-pages.tsx'), 'AdminProductPage'),
});
const adminCategories = createRoute({
  getParentRoute: () => admin,
  path: '/categories',
  component: lazyRouteComponent(() => import('../../admin/references/categories-page.tsx'), 'AdminCategoriesPage'),
});
const adminBrands = createRoute({
  getParentRoute: () => admin,
  path: '/brands',
  component: lazyRouteComponent(() => import('../../admin/references/brands-page.tsx'), 'AdminBrandsPage'),
});
const adminUploads = createRoute({
  getParentRoute: () => admin,
  path: '/uploads',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ show: wordParam(raw['show'], ['ready', 'rejected'] as const) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../../admin/uploads/uploads-page.tsx'), 'AdminUploadsPage'),
});
const adminReviews = createRoute({
  getParentRoute: () => admin,
  path: '/reviews',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ show: wordParam(raw['show'], ['reported', 'hidden'] as const) }),
  component: lazyRouteComponent(() => import('../../admin/reviews/reviews-page.tsx'), 'AdminReviewsPage'),
});
const adminJobs = createRoute({
  getParentRoute: () => admin,
  path: '/jobs',
  validateSearch: (raw: Record<string, unknown>) => compact({ queue: textParam(raw['queue'], 60) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../../admin/jobs-page.tsx'), 'JobsPage'),
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
  component: lazyRouteComponent(() => import('../../admin/people/users-page.tsx'), 'UsersPage'),
});
const adminUser = createRoute({
  getParentRoute: () => admin,
  path: '/users/$userId',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../../admin/people/user-page.tsx'), 'UserPage'),
});
const adminSettings = createRoute({
  getParentRoute: () => admin,
  path: '/settings',
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../../admin/settings/settings-page.tsx'), 'SettingsPage'),
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
  component: lazyRouteComponent(() => import('../../admin/audit/audit-page.tsx'), 'AuditPage'),
});
const adminWebhooks = createRoute({
  getParentRoute: () => admin,
  path: '/webhooks',
  validateSearch: (raw: Record<string, unknown>) =>
    compact({ status: wordParam(raw['status'], ['received', 'applied', 'ignored', 'unmatched'] as const) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(() => import('../../admin/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});
const adminReconciliation = createRoute({
  getParentRoute: () => admin,
  path: '/reconciliation',
  validateSearch: (raw: Record<string, unknown>) => compact({ report: textParam(raw['report'], 64) }),
  beforeLoad: requireAdmin,
  component: lazyRouteComponent(
    () => import('../../admin/reconciliation/reconciliation-page.tsx'),
    'ReconciliationPage',
  ),
});

/** Whatever else: in the dashboard's frame, for those who may see it. */
const adminElsewhere = createRoute({
  getParentRoute: () => admin,
  path: '$',
  component: lazyRouteComponent(() => import('../../admin/admin-not-found-page.tsx'), 'AdminNotFoundPage'),
});

/** The dashboard and all that staff work with. */
export const adminRoutes = admin.addChildren([
  adminDashboard,
  adminOrders,
  adminOrder,
  adminCoupons,
  adminCoupon,
  adminProducts,
  adminNewProduct,
  adminProductFiles,
  adminProduct,
  adminCategories,
  adminBrands,
  adminUploads,
  adminReviews,
  adminJobs,
  adminUsers,
  adminUser,
  adminSettings,
  adminAudit,
  adminWebhooks,
  adminReconciliation,
  adminElsewhere,
]);
