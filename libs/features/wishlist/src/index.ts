export { createWishlist } from './create-wishlist.ts';
export { createWishlistRouter } from './wishlist.router.ts';
export type { WishlistService } from './wishlist-service.ts';
