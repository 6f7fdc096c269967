import { composeShop, runHost } from '@cartwright/composition';
import { startApiServer } from './server.ts';

await runHost(process.env, async (config) => {
  const shop = await composeShop(config, { name: 'api' });
  const api = await startApiServer(shop);
  return {
    ready: api.url,
    close: async () => {
      await api.close();
      await shop.close();
    },
  };
});
