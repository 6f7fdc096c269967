import { inflateSync } from 'node:zlib';

/** What a PDF of ours shows, page by page, as far as its fonts know the characters. */
export function textOfPages(pdf: Buffer): string[] {
  const objects = new Map<string, { head: string; stream: string }>();
  const raw = pdf.toString('latin1');
  for (const [, id = '', body = ''] of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [head = '', rest] = body.split(/\nstream\n/);
    const packed = Buffer.from((rest ?? '').replace(/\nendstream$/, ''), 'latin1');
    const isText = rest !== undefined && head.includes('FlateDecode') && !head.includes('Length1');
    objects.set(id, { head, stream: isText ? inflateSync(packed).toString('latin1') : '' });
  }
  const referred = (text: string, name: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(text)?.[1] ?? '';
  const characters = new Map<string, Map<string, string>>();
  for (const { head } of objects.values()) {
    for (const [, font = '', id = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = objects.get(referred(objects.get(id)?.head ?? '', 'ToUnicode'))?.stream ?? '';
      characters.set(font, charactersOf(map));
    }
  }
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\n/.test(head));
  return pages.map(({ head }) => shownBy(objects.get(referred(head, 'Contents'))?.stream ?? '', characters));
}

/** Glyphs in the order of the map's arrays, from zero on. */
function charactersOf(map: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, start = '', list = ''] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
    for (const [index, [, units = '']] of [...list.matchAll(/<([0-9a-f ]+)>/g)].entries()) {
      const code = (Number.parseInt(start, 16) + index).toString(16).padStart(4, '0');
      const bytes = Buffer.from(units.replaceAll(' ', ''), 'hex').swap16();
      found.set(code, bytes.toString('utf16le'));
    }
  }
  return found;
}

function shownBy(stream: string, characters: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const lines: string[] = [];
  let font: ReadonlyMap<string, string> | undefined;
  for (const [, name, shown = ''] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name !== undefined) font = characters.get(name);
    else {
      const codes = [...shown.matchAll(/<([0-9a-f]*)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
      lines.push(codes.map((code) => font?.get(code) ?? '').join(''));
    }
  }
  return lines.join('\n');
}
