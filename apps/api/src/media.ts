import express, { Router } from 'express';

const YEAR_MS = 365 * 24 * 3_600_000;

/** `/media/*`: product pictures from a folder. Pictures never change under one name; a drawing may not run a script. */
export function createMediaRoutes(folder: string): Router {
  const routes = Router();
  routes.use(
    '/media',
    (_request, response, next) => {
      response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      next();
    },
    express.static(folder, { immutable: true, maxAge: YEAR_MS, index: false, redirect: false, fallthrough: false }),
  );
  return routes;
}
