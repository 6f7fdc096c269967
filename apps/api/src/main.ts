import { composeShop, loadConfig, onStopSignal } from '@cartwright/composition';
import { startApiServer } from './server.ts';

const config = loadConfig(process.env);
const shop = await composeShop(config, { name: 'api' });
const api = await startApiServer(shop);
process.stdout.write(`ready ${api.url}\n`);

onStopSignal(async () => {
  await api.close();
  await shop.close();
});
