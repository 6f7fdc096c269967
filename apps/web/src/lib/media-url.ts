/** The address of a picture. Keys are served as `/media/<key>.svg` by the API; full addresses pass through. */
export function mediaUrl(apiUrl: string, key: string): string {
  if (/^(https?:|data:|blob:)/.test(key)) return key;
  if (key.startsWith('/')) return `${apiUrl}${key}`;
  const file = /\.[a-z0-9]{2,5}$/i.test(key) ? key : `${key}.svg`;
  return `${apiUrl}/media/${file}`;
}
