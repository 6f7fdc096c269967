import { composeShop } from '@cartwright/composition';
import { ConfigError, loadConfig, type Config } from '@cartwright/platform-config';
import { parseOptions, USAGE, type CliOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { DEMO_ADMIN, DEMO_PASSWORD } from './seed-people.ts';
import { seedShop } from './seed.ts';

const WRONG_USAGE = 2;
/** EX_CONFIG, as the shop's processes answer to wrong variables. */
const WRONG_CONFIGURATION = 78;

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function readOptions(): CliOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, WRONG_USAGE);
  }
}

function readConfig(): Config {
  try {
    return loadConfig({ LOG_LEVEL: 'warn', ...process.env });
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message, WRONG_CONFIGURATION);
    throw error;
  }
}

async function seed(options: CliOptions): Promise<void> {
  const config = readConfig();
  // Demo accounts have a password that everybody can read.
  if (config.env === 'production')
    fail('Demo data is not for production: NODE_ENV is "production".', WRONG_CONFIGURATION);
  const began = performance.now();
  const progress = createProgress((line) => process.stdout.write(`${line}\n`));
  const shop = await composeShop(config, { name: 'seed' });
  try {
    const { products, ifEmpty, skipOrders } = options;
    const result = await seedShop(shop, { products, ifEmpty, skipOrders, now: new Date(), progress });
    if (!result) return progress.say('The shop has products already; nothing was loaded.');
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    progress.say(
      `Loaded in ${seconds} s: ${result.products} products, ${result.accounts} accounts, ${result.coupons} coupons, ` +
        `${result.reviews} reviews, ${result.orders} orders, ${result.notifications} notifications.`,
    );
    progress.say(`Sign in as customer@cartwright.test or ${DEMO_ADMIN.email}, password ${DEMO_PASSWORD}`);
  } finally {
    await shop.close();
  }
}

const options = readOptions();
if (options.help) {
  process.stdout.write(USAGE);
} else {
  await seed(options).catch((error: unknown) => {
    fail(`Seeding failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, 1);
  });
}
