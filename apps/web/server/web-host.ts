import { existsSync } from 'node:fs';
import path from 'node:path';
import compression from 'compression';
import express from 'express';
import type { Express } from 'express';
import helmet from 'helmet';

export interface WebHostOptions {
  /** The built app: `index.html` and `assets/`. */
  distDir: string;
  /** Told to the app by `/config.json`; empty for the same origin. */
  apiUrl: string;
  /** Origins that files are put to and pictures come from, besides the API's. */
  fileOrigins: readonly string[];
  demoAccounts: boolean;
}

/**
 * Serves the built app: hashed assets for ever, every page address as `index.html`, and where the API is as
 * `/config.json`, so that one build runs anywhere. Throws when the app has not been built.
 */
export function createWebHost({ distDir, apiUrl, fileOrigins, demoAccounts }: WebHostOptions): Express {
  const indexFile = path.join(distDir, 'index.html');
  if (!existsSync(indexFile)) {
    throw new Error(`The web app is not built: ${indexFile} is missing. Run: npm run build -w @cartwright/web`);
  }
  const app = express();
  app.disable('x-powered-by');

  app.get('/health/live', (_request, response) => {
    response.set('cache-control', 'no-store').json({ status: 'ok' });
  });

  app.use(securityHeaders({ apiUrl, fileOrigins }));
  app.use(compression());

  app.get('/config.json', (_request, response) => {
    response.set('cache-control', 'no-store').json({ apiUrl, demoAccounts });
  });
  app.use(
    '/assets',
    express.static(path.join(distDir, 'assets'), { immutable: true, maxAge: '1y', index: false, fallthrough: false }),
  );
  app.use(express.static(distDir, { index: false, maxAge: '1h' }));

  app.use((request, response) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && path.extname(request.path) === '';
    if (!isPage) {
      response.status(404).type('text/plain').send('Not found');
      return;
    }
    response.set('cache-control', 'no-cache').sendFile('index.html', { root: distDir });
  });
  return app;
}

/** Scripts from here only; data, live events and pictures from here and the API, files to and from their store. TLS and HSTS are the proxy's. */
function securityHeaders({ apiUrl, fileOrigins }: Pick<WebHostOptions, 'apiUrl' | 'fileOrigins'>) {
  const api = apiUrl === '' ? [] : [new URL(apiUrl).origin];
  const sockets = api.map((origin) => origin.replace(/^http/, 'ws'));
  return helmet({
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    // Leaving for the payment page and coming back must not cut the window's ties.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The component library sets sizes and colours by style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...api, ...fileOrigins],
        connectSrc: ["'self'", ...api, ...sockets, ...fileOrigins],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}
