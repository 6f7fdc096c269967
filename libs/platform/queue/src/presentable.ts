const HIDDEN = '[hidden]';
const DEPTH_MAX = 6;
const ITEMS_MAX = 50;
const TEXT_MAX = 500;

/** Names that no serializer of ours takes: one of them would keep a whole page from being shown. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const SECRET_KEY = /token|secret|password|authorization|cookie|signature|phone|(key|link|url)$/i;
const MAIL_ADDRESS = /([^\s"'<>()@:])[^\s"'<>()@:]*@([^\s"'<>()@:])[^\s"'<>()@:]*/g;
/** Long runs of characters as credentials have them; our own ids have 24 hex digits. */
const CREDENTIAL = /[A-Za-z0-9_\-+/=.]{32,}/g;

/**
 * What people may see of something that isn't made for them, like a job's payload or an error: mail addresses are
 * blurred, credentials hidden, and all of it kept to a size that fits on a screen.
 */
export const presentable = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return presentableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => presentable(item, depth + 1));
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      FORBIDDEN_KEYS.has(key) ? `[${key}]` : presentableText(key),
      SECRET_KEY.test(key) ? HIDDEN : presentable(item, depth + 1),
    ]),
  );
};

export const presentableText = (text: string): string => {
  // Cut twice: what is hidden may begin before the end that is shown and stretch over it.
  const shown = text
    .slice(0, 4 * TEXT_MAX)
    .replace(MAIL_ADDRESS, '$1***@$2***')
    .replace(CREDENTIAL, HIDDEN);
  return shown.length > TEXT_MAX ? `${shown.slice(0, TEXT_MAX)}…` : shown;
};
