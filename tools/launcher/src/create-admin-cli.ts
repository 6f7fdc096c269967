import { text } from 'node:stream/consumers';
import { composeShop } from '@cartwright/composition';
import { loadConfig } from '@cartwright/platform-config';

/** What the launcher hands in on the standard input, so that the password stands in no list of processes. */
const { email, name, password } = JSON.parse(await text(process.stdin)) as Record<
  'email' | 'name' | 'password',
  string
>;

const shop = await composeShop(loadConfig({ LOG_LEVEL: 'warn', ...process.env }), { name: 'admin-create' });
try {
  const before = await shop.services.accounts.byEmails([email]);
  const user = await shop.services.accounts.createAdmin({ email, name, password });
  process.stdout.write(`${user.email} is an administrator${before.size > 0 ? ' from now on' : ''}.\n`);
} finally {
  await shop.close();
}
