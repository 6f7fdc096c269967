import { accountRoutes } from './routes/account-routes.ts';
import { adminRoutes } from './routes/admin-routes.ts';
import { root, storefront } from './routes/frames.ts';
import { shopRoutes } from './routes/shop-routes.ts';

/** Every page by its address. */
export const routeTree = root.addChildren([storefront.addChildren([...shopRoutes, ...accountRoutes]), adminRoutes]);
