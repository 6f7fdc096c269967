export { importProducts } from './catalog-fixture.ts';
export type { FixtureProduct } from './catalog-fixture.ts';
export { startHost } from './host-process.ts';
export type { HostProcess } from './host-process.ts';
export { createTestShop, signedIn, TEST_ADDRESS, TEST_PASSWORD } from './test-shop.ts';
export type { OrderOptions, TestShop, TestShopOptions } from './test-shop.ts';
