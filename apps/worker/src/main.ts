import { composeShop, runHost } from '@cartwright/composition';
import { startHealthServer } from './health-server.ts';

await runHost(process.env, async (config) => {
  const shop = await composeShop(config, { name: 'worker' });
  const work = await shop.startWork();
  const health = await startHealthServer({
    host: config.http.host,
    port: config.worker.port,
    readiness: work.readiness,
    metrics: shop.metrics,
  });
  return {
    ready: health.url,
    close: async () => {
      await work.close();
      await health.close();
      await shop.close();
    },
  };
});
