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

/** Our ids, and moments. */
const ID = /^[0-9a-f]{24}$/;
const MOMENT = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/;
/** What the shop itself calls things, such as `order.paid:<id>`, in the fields that name something. */
const NAMING_KEY = /^(handler|type)$|Id$/;
const NAME = /^[a-z0-9]+([.:/-][a-z0-9]+)*$/;

/**
 * What people may see of something that isn't made for them, like a job's payload. Jobs carry ids, figures and moments:
 * these are shown, and no other text is, since nobody can tell a street from a product in a payload that went wrong. What
 * its fields are called is shown, and all of it is kept to a size that fits on a screen.
 */
export const presentable = (value: unknown, key = '', depth = 0): unknown => {
  if (typeof value === 'string') return isHarmless(value, key) ? value : HIDDEN;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => presentable(item, key, depth + 1));
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    entries.map(([name, item]) => [
      FORBIDDEN_KEYS.has(name) ? `[${name}]` : presentableText(name),
      SECRET_KEY.test(name) ? HIDDEN : presentable(item, name, depth + 1),
    ]),
  );
};

const isHarmless = (text: string, key: string): boolean =>
  text.length <= TEXT_MAX && (ID.test(text) || MOMENT.test(text) || (NAMING_KEY.test(key) && NAME.test(text)));

/** A text that code of ours wrote, such as an error's message: mail addresses are blurred, and credentials hidden. */
export const presentableText = (text: string): string => {
  // Cut twice: what is hidden may begin before the end that is shown and stretch over it.
  const shown = text
    .slice(0, 4 * TEXT_MAX)
    .replace(MAIL_ADDRESS, '$1***@$2***')
    .replace(CREDENTIAL, HIDDEN);
  return shown.length > TEXT_MAX ? `${shown.slice(0, TEXT_MAX)}…` : shown;
};
