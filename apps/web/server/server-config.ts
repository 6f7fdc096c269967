/** What the web host is told by its environment. */
export interface ServerConfig {
  host: string;
  port: number;
  /** Where browsers reach the API; empty for the same origin, behind a reverse proxy. */
  apiUrl: string;
  /** Origins that files are put to and pictures come from, besides the API's. */
  fileOrigins: string[];
  /** Whether the sign-in page offers the demo accounts; never in production unless asked for. */
  demoAccounts: boolean;
}

/** Reads PORT, HOST, API_URL, FILES_ORIGINS and DEMO_ACCOUNTS. Throws one error that names every wrong variable. */
export function readServerConfig(env: Readonly<Record<string, string | undefined>>): ServerConfig {
  const problems: string[] = [];
  const port = Number(env['PORT'] ?? '4200');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push('PORT must be a port number');
  const apiUrl = (env['API_URL'] ?? '').replace(/\/+$/, '');
  if (apiUrl !== '' && !isHttpUrl(apiUrl))
    problems.push('API_URL must be an http(s) address, or empty for the same origin');
  const origins = (env['FILES_ORIGINS'] ?? '').split(',').filter((text) => text.trim() !== '');
  if (!origins.every(isHttpUrl)) problems.push('FILES_ORIGINS must be http(s) addresses, separated by commas');
  const demo = env['DEMO_ACCOUNTS'];
  if (demo !== undefined && !['', '0', '1', 'true', 'false'].includes(demo))
    problems.push('DEMO_ACCOUNTS must be 1 or 0');
  if (problems.length > 0) throw new Error(`Wrong configuration: ${problems.join('; ')}`);
  const demoAccounts =
    demo === undefined || demo === '' ? env['NODE_ENV'] !== 'production' : demo === '1' || demo === 'true';
  const fileOrigins = origins.map((text) => new URL(text).origin);
  return { host: env['HOST'] ?? '127.0.0.1', port, apiUrl, fileOrigins, demoAccounts };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
