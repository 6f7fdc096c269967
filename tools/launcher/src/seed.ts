import { runSeed } from './seeding.ts';
import type { CommandInput } from './start.ts';
import { splitArguments, withShop } from './with-shop.ts';

/** `npm run seed`: loads demo data. Arguments that are not the launcher's own go to the seed tool. */
export function seed(input: CommandInput): Promise<number> {
  const { own, passed } = splitArguments(input.argv);
  return withShop({ ...input, argv: own }, ({ paths, env, onChild }) =>
    runSeed({ paths, node: process.execPath, env, args: passed, onLine: input.report, onChild }),
  );
}
