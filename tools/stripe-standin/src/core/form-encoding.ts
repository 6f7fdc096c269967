/** A decoded form value: text, or named parts (a list is a tree whose names are indexes). */
export type FormValue = string | FormTree;
export interface FormTree {
  [name: string]: FormValue;
}

const MAX_DEPTH = 12;

/**
 * Decodes `a[b][0][c]=x` bodies and query strings the way the Stripe API reads them. `list[]=x` takes the next index.
 * @returns a tree without prototype, so names like `__proto__` are plain names
 */
export function decodeForm(text: string): FormTree {
  const root = emptyTree();
  for (const [rawName, value] of new URLSearchParams(text)) {
    const path = splitName(rawName);
    if (path.length === 0 || path.length > MAX_DEPTH) continue;
    let node = root;
    for (const part of path.slice(0, -1)) {
      const name = part === '' ? nextIndex(node) : part;
      const child = node[name];
      if (typeof child === 'object') {
        node = child;
      } else {
        const created = emptyTree();
        node[name] = created;
        node = created;
      }
    }
    const last = path.at(-1) ?? '';
    node[last === '' ? nextIndex(node) : last] = value;
  }
  return root;
}

/** The same tree always gives the same text, whatever the order its names were sent in. */
export function canonicalForm(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalForm(value[name] ?? '')}`);
  return `{${parts.join(',')}}`;
}

export function emptyTree(): FormTree {
  return Object.create(null) as FormTree;
}

function nextIndex(node: FormTree): string {
  return String(Object.keys(node).length);
}

function splitName(name: string): string[] {
  const open = name.indexOf('[');
  if (open === -1) return [name];
  const parts = [name.slice(0, open)];
  for (const match of name.slice(open).matchAll(/\[([^\]]*)\]/g)) parts.push(match[1] ?? '');
  return parts;
}
