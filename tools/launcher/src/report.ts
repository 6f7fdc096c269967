/** Text for people at a terminal. */

/** Columns padded to the widest cell of each; two spaces between, `indent` before. */
export function formatTable(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows
    .map(
      (row) =>
        indent +
        row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Seconds with one decimal, as in `6.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Hides the password of an address, for tables and logs. */
export function withoutPassword(address: string): string {
  return address.replace(/^([a-z+]+:\/\/[^:@/]*):[^@/]*@/i, '$1:•••@');
}

/** Writes lines; a reader that went away (a closed pipe) is no reason to end. */
export function createReporter(stream: NodeJS.WritableStream) {
  stream.on('error', () => {});
  return (line: string) => {
    stream.write(`${line}\n`);
  };
}

export type Report = (line: string) => void;

/** The closing table of `npm start`. */
export function readyMessage({
  readyMs,
  webUrl,
  apiUrl,
  stripeUrl,
  filesUrl,
  mailboxUrl,
  mongo,
  redis,
  dataDir,
  demo,
}: {
  readyMs: number;
  webUrl: string;
  apiUrl: string;
  stripeUrl: string | undefined;
  filesUrl: string | undefined;
  mailboxUrl: string | undefined;
  mongo: string;
  redis: string;
  dataDir: string;
  demo: boolean;
}): string {
  const where: string[][] = [
    ['Storefront', webUrl],
    ['Admin', `${webUrl}/admin`],
    ['API', `${apiUrl}/trpc  (health: ${apiUrl}/health/ready)`],
    ['Payments', stripeUrl === undefined ? 'your Stripe account' : `${stripeUrl}  (local stand-in for Stripe)`],
    ['Files', filesUrl === undefined ? 'your bucket' : `${filesUrl}  (local stand-in for S3)`],
    ['Mail', mailboxUrl === undefined ? 'your SMTP server' : `${mailboxUrl}  (everything the shop sends)`],
    ['MongoDB', mongo],
    ['Redis', redis],
    ['Data, logs', dataDir],
  ];
  const accounts = [
    ['Customer', 'customer@cartwright.test', 'cartwright-demo'],
    ['Admin', 'admin@cartwright.test', 'cartwright-demo'],
  ];
  const next = [
    `1. Open ${webUrl}, put something into the cart and check out${demo ? ' as the customer above' : ''}.`,
    stripeUrl === undefined
      ? '2. Pay on Stripe’s page and watch the order turn to paid.'
      : '2. Pay on the local payment page (card 4242 4242 4242 4242) and watch the order turn to paid, live.',
    mailboxUrl === undefined ? '3. Read the confirmation mail.' : `3. Read the confirmation mail at ${mailboxUrl}.`,
    `4. See orders and revenue as the admin at ${webUrl}/admin.`,
    '5. In another terminal: `npm run doctor` tells how every service is, `npm test` runs all tests.',
  ];
  return [
    '',
    `Cartwright is ready (${seconds(readyMs)}).`,
    '',
    formatTable(where),
    ...(demo ? ['', 'Demo accounts', formatTable(accounts)] : []),
    '',
    'Try next',
    ...next.map((line) => `  ${line}`),
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}
