import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestShop } from '@cartwright/testapp';
import type { TestShop, TestShopOptions } from '@cartwright/testapp';
import { testFilesEnvironment } from '@cartwright/testkit';
import { createWebHost } from '../server/web-host.ts';
import { builtWeb } from './built-web.ts';

/** A whole shop with its web app in front, for a browser. */
export interface WebShop extends AsyncDisposable {
  readonly shop: TestShop;
  /** Where the web app answers. */
  readonly url: string;
}

/** Serves the web app in front of a test shop that knows its address. */
export async function createWebShop(options: TestShopOptions = {}): Promise<WebShop> {
  const distDir = builtWeb();
  // The shop must know the web app's origin, and the web app the API's: the port comes first.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const shop = await createTestShop({
    ...options,
    env: { WEB_URL: url, ALLOWED_ORIGINS: url, ALLOWED_RETURN_URLS: url, ...options.env },
  });
  const { S3_ENDPOINT } = testFilesEnvironment();
  const fileOrigins = S3_ENDPOINT === undefined ? [] : [S3_ENDPOINT];
  server.on('request', createWebHost({ distDir, apiUrl: shop.apis[0]?.url ?? '', fileOrigins, demoAccounts: false }));

  return {
    shop,
    url,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await shop[Symbol.asyncDispose]();
    },
  };
}
