export interface WebConfig {
  /** Origin of the API, without a slash at its end. */
  apiUrl: string;
  /** Whether the sign-in page offers the demo accounts. */
  demoAccounts: boolean;
}

/** Reads where the API is from the host that served this page; an empty `apiUrl` means the same origin. */
export async function loadWebConfig(): Promise<WebConfig> {
  const response = await fetch('/config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  return readWebConfig(await response.json(), window.location.origin);
}

/** Checks the host's answer; throws when it isn't one. */
export function readWebConfig(body: unknown, origin: string): WebConfig {
  if (typeof body !== 'object' || body === null || !('apiUrl' in body) || typeof body.apiUrl !== 'string') {
    throw new Error('/config.json has no apiUrl');
  }
  const apiUrl = (body.apiUrl === '' ? origin : body.apiUrl).replace(/\/+$/, '');
  return { apiUrl, demoAccounts: 'demoAccounts' in body && body.demoAccounts === true };
}
