import path from 'node:path';
import { parseArgs } from 'node:util';

/** What the command line of `npm start` and its relatives asks for. */
export type StartOptions = {
  dataDir: string;
  port?: string | undefined;
  webPort?: string | undefined;
  products?: number | undefined;
  fresh: boolean;
  seed: boolean;
  help: boolean;
};

export const START_HELP = `Usage: npm start -- [options]

  --port N         port of the API (default 3000; the next free one when taken)
  --web-port N     port of the storefront (default 4200)
  --data-dir DIR   folder for everything the shop stores (default .cartwright)
  --fresh          empty the data folder first
  --no-seed        do not load the demo catalog
  --products N     size of the demo catalog
  --help           this text

Services you already have are used when their variable is set: MONGODB_URI, REDIS_URL, STRIPE_SECRET_KEY (with
STRIPE_WEBHOOK_SECRET), S3_BUCKET, SMTP_URL. For the others a local one is started.`;

/**
 * Reads the command line.
 * @returns the options, and one sentence per mistake
 */
export function parseStartOptions(
  argv: readonly string[],
  { root, env }: { root: string; env: NodeJS.ProcessEnv },
): { options: StartOptions; problems: string[] } {
  const problems: string[] = [];
  const { values, tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: {
      port: { type: 'string' },
      'web-port': { type: 'string' },
      'data-dir': { type: 'string' },
      products: { type: 'string' },
      fresh: { type: 'boolean' },
      'no-seed': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const known = new Set(['port', 'web-port', 'data-dir', 'products', 'fresh', 'no-seed', 'help']);
  const valued = new Set(['port', 'web-port', 'data-dir', 'products']);
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`"${token.value}" is not understood; options begin with --.`);
    if (token.kind !== 'option') continue;
    if (!known.has(token.name)) problems.push(`${token.rawName} is not an option; --help lists them.`);
    else if (valued.has(token.name) && (token.value === undefined || token.value === '')) {
      problems.push(`${token.rawName} needs a value.`);
    } else if (!valued.has(token.name) && token.value !== undefined) {
      problems.push(`${token.rawName} takes no value.`);
    }
  }
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  for (const name of ['port', 'web-port']) {
    const value = text(name);
    if (value !== undefined && !isPort(value))
      problems.push(`--${name} must be a port from 1 to 65535, not "${value}".`);
  }
  const productsText = text('products');
  const products = productsText === undefined ? undefined : Number(productsText);
  if (products !== undefined && !(Number.isSafeInteger(products) && products > 0)) {
    problems.push(`--products must be a whole number above 0, not "${productsText}".`);
  }
  const dataDir = text('data-dir') ?? env['CARTWRIGHT_DATA_DIR'] ?? '.cartwright';
  return {
    options: {
      dataDir: path.resolve(root, dataDir),
      port: text('port'),
      webPort: text('web-port'),
      products,
      fresh: values['fresh'] === true,
      seed: values['no-seed'] !== true,
      help: values['help'] === true,
    },
    problems,
  };
}

/** Is this text a TCP port from 1 to 65535? */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}
