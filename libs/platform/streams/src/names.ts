/** The stream of all that concerns one user. */
export const userStream = (userId: string): string => `user:${userId}`;

/** The stream of what changes in the storefront's catalog; entries have the product's id as their topic. */
export const CATALOG_STREAM = 'catalog';

/** The stream of the shop's live figures; each entry tells all of them. */
export const COUNTERS_STREAM = 'counters';

/** The stream of what admins watch. */
export const ADMIN_STREAM = 'admin';
