import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const apiTarget = process.env['API_URL'] ?? 'http://127.0.0.1:3000';

/** In development the API is reached through Vite's proxy, so the page and the API share an origin. */
const developmentConfig: Plugin = {
  name: 'cartwright-config',
  configureServer(server) {
    server.middlewares.use('/config.json', (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiUrl: '', demoAccounts: true }));
    });
  },
};

export default defineConfig({
  plugins: [react(), developmentConfig],
  server: {
    port: 4200,
    proxy: {
      '/trpc': { target: apiTarget, ws: true },
      '/media': { target: apiTarget },
    },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/ },
            { name: 'mantine', test: /node_modules[\\/]@mantine[\\/](core|hooks|form|notifications)[\\/]/ },
          ],
        },
      },
    },
  },
});
