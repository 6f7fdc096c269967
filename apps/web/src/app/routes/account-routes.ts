import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, localPath, wordParam } from '../../lib/search-params.ts';
import { storefront } from './frames.ts';
import { requireNoSession, requireSession } from './guards.ts';

const readNext = (raw: Record<string, unknown>): { next?: string } => compact({ next: localPath(raw['next']) });

const signIn = createRoute({
  getParentRoute: () => storefront,
  path: '/sign-in',
  validateSearch: readNext,
  beforeLoad: requireNoSession,
  component: lazyRouteComponent(() => import('../../storefront/account/sign-in-page.tsx'), 'SignInPage'),
});
const register = createRoute({
  getParentRoute: () => storefront,
  path: '/register',
  validateSearch: readNext,
  beforeLoad: requireNoSession,
  component: lazyRouteComponent(() => import('../../storefront/account/register-page.tsx'), 'RegisterPage'),
});
const acceptInvite = createRoute({
  getParentRoute: () => storefront,
  path: '/accept-invite',
  component: lazyRouteComponent(() => import('../../storefront/account/accept-invite-page.tsx'), 'AcceptInvitePage'),
});
const forgotPassword = createRoute({
  getParentRoute: () => storefront,
  path: '/forgot-password',
  component: lazyRouteComponent(
    () => import('../../storefront/account/links/forgot-password-page.tsx'),
    'ForgotPasswordPage',
  ),
});
const resetPassword = createRoute({
  getParentRoute: () => storefront,
  path: '/reset-password',
  component: lazyRouteComponent(
    () => import('../../storefront/account/links/reset-password-page.tsx'),
    'ResetPasswordPage',
  ),
});
const verifyEmail = createRoute({
  getParentRoute: () => storefront,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('../../storefront/account/links/link-pages.tsx'), 'VerifyEmailPage'),
});
const confirmEmail = createRoute({
  getParentRoute: () => storefront,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('../../storefront/account/links/link-pages.tsx'), 'ConfirmEmailPage'),
});
const undoEmailChange = createRoute({
  getParentRoute: () => storefront,
  path: '/undo-email-change',
  component: lazyRouteComponent(() => import('../../storefront/account/links/link-pages.tsx'), 'UndoEmailChangePage'),
});
const keepAccount = createRoute({
  getParentRoute: () => storefront,
  path: '/keep-account',
  component: lazyRouteComponent(() => import('../../storefront/account/links/link-pages.tsx'), 'KeepAccountPage'),
});
/** The account's pages beside their navigation. */
const accountFrame = createRoute({
  getParentRoute: () => storefront,
  id: 'account',
  component: lazyRouteComponent(() => import('../../storefront/account/account-layout.tsx'), 'AccountLayout'),
});
const profile = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/profile',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/account/details/profile-page.tsx'), 'ProfilePage'),
});
const addresses = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/addresses',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/account/details/addresses-page.tsx'), 'AddressesPage'),
});
const data = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/data',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/account/details/data-page.tsx'), 'DataPage'),
});
const wishlist = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/wishlist',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/wishlist/wishlist-page.tsx'), 'WishlistPage'),
});
const account = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/account/account-page.tsx'), 'AccountPage'),
});
const security = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/security',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/account/security/security-page.tsx'), 'SecurityPage'),
});
const sessions = createRoute({
  getParentRoute: () => accountFrame,
  path: '/account/sessions',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../storefront/account/security/sessions-page.tsx'), 'SessionsPage'),
});
const notifications = createRoute({
  getParentRoute: () => storefront,
  path: '/account/notifications',
  validateSearch: (raw: Record<string, unknown>) => compact({ show: wordParam(raw['show'], ['unread'] as const) }),
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('../../notifications/notifications-page.tsx'), 'NotificationsPage'),
});
const notificationPreferences = createRoute({
  getParentRoute: () => storefront,
  path: '/account/notifications/preferences',
  beforeLoad: requireSession,
  component: lazyRouteComponent(
    () => import('../../notifications/preferences-page.tsx'),
    'NotificationPreferencesPage',
  ),
});

/** Getting an account, into it, and all that is in it. */
export const accountRoutes = [
  signIn,
  register,
  acceptInvite,
  forgotPassword,
  resetPassword,
  verifyEmail,
  confirmEmail,
  undoEmailChange,
  keepAccount,
  notifications,
  notificationPreferences,
  accountFrame.addChildren([account, profile, addresses, wishlist, security, sessions, data]),
] as const;
