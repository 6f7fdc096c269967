import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ADMIN_USAGE, inventPassword, parseAdminOptions, weaknessOf } from './admin-input.ts';
import { askSecret } from './ask-secret.ts';
import type { CommandInput } from './start.ts';
import { splitArguments, withShop, type ShopTask } from './with-shop.ts';

/** `npm run admin:create`: makes an administrator of the shop on this data folder, whether it runs or not. */
export async function createAdmin(input: CommandInput): Promise<number> {
  const { report, env } = input;
  const { own, passed } = splitArguments(input.argv);
  if (passed.includes('--help')) {
    report(ADMIN_USAGE);
    return 0;
  }
  const options = parseAdminOptions(passed);
  if ('problem' in options) {
    report(`${options.problem}\n\n${ADMIN_USAGE}`);
    return 2;
  }
  const given = env['ADMIN_PASSWORD'] || (await askSecret('Password (empty to have one made up): '));
  const password = given || inventPassword();
  const weakness = weaknessOf(password, options);
  if (weakness !== undefined) {
    report(`This password will not do. ${weakness}`);
    return 2;
  }
  const { ADMIN_PASSWORD: _kept, ...rest } = env;
  const code = await withShop({ ...input, env: rest, argv: own }, (run) =>
    create(run, { ...options, password }, report),
  );
  if (code === 0 && !given) report(`The password, shown this once: ${password}`);
  return code;
}

/** Runs the program that makes the account, in the shop's variables. Throws with its last words when it fails. */
function create(
  { paths, env, onChild }: Parameters<ShopTask>[0],
  facts: { email: string; name: string; password: string },
  report: CommandInput['report'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [paths.entry.createAdmin], {
      cwd: paths.root,
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) onChild(child.pid, true);
    const errors: string[] = [];
    createInterface({ input: child.stdout }).on('line', report);
    createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
    child.stdin.end(JSON.stringify(facts));
    child.once('error', reject);
    child.once('close', (code) => {
      if (child.pid !== undefined) onChild(child.pid, false);
      if (code === 0) resolve();
      else reject(new Error(['The administrator was not made.', ...errors.slice(-10)].join('\n')));
    });
  });
}
