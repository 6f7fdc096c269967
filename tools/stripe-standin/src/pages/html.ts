/** Text that is already safe HTML. */
export interface Html {
  html: string;
}

/** A template whose values are escaped unless they are HTML themselves; lists are joined, nothing is printed for null. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const parts = strings.map((string, index) => string + render(values[index] ?? null));
  return { html: parts.join('') };
}

export type HtmlValue = string | number | Html | null | readonly HtmlValue[];

function render(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('html' in value) return value.html;
  return value.map(render).join('');
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
