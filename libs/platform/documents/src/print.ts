import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { printable, type PrintedBlock, type PrintedDocument, type PrintedRow } from './printed-document.ts';

/** A4, in points; a margin all around. */
const MARGIN = 50;
const WIDTH = 595.28 - 2 * MARGIN;
const BOTTOM = 841.89 - MARGIN - 20;
const [SMALL, NORMAL, LARGE] = [7.5, 9, 17];
const [INK, FAINT, RULE] = ['#1d1d1f', '#6b6b70', '#d2d2d7'];
const GAP = 6;

/** Hebrew, Arabic and their kin are shaped as a whole: word by word they would stand in the wrong order. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]/;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly align?: 'left' | 'right';
  readonly size?: number;
  readonly color?: string;
  readonly bold?: boolean;
}

/**
 * Prints documents as PDF. The fonts, which cover the scripts of Europe and the Near East, are part of each file, so that it
 * looks alike everywhere; characters they lack are shown as empty boxes. The same content gives the same bytes.
 */
export function createPrinter({ read = readFile }: { read?: (path: string) => Promise<Buffer> } = {}) {
  let fonts: ReturnType<typeof readFonts> | undefined;

  /** Reads the fonts once; what failed is tried again by the next document. */
  function fontsOnce(): ReturnType<typeof readFonts> {
    fonts ??= readFonts(read).catch((error: unknown) => {
      fonts = undefined;
      throw error;
    });
    return fonts;
  }

  return {
    /** The document as the bytes of a PDF. A row that is higher than a page is cut off. */
    async print(content: PrintedDocument): Promise<Buffer> {
      const { regular, bold } = await fontsOnce();
      // A fifth of a second and 30 MB, which only those pay who print.
      const { default: PDFDocument } = await import('pdfkit');
      const { title, date, letterhead } = content;
      const document = new PDFDocument({
        size: 'A4',
        margin: MARGIN,
        bufferPages: true,
        lang: 'en',
        info: { Title: printable(title), Author: printable(letterhead[0] ?? ''), CreationDate: date, ModDate: date },
      });
      document.registerFont('regular', regular).registerFont('bold', bold);
      const chunks: Buffer[] = [];
      document.on('data', (chunk: Buffer) => chunks.push(chunk));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      document.on('end', resolve).on('error', reject);
      layOut(document, content);
      document.end();
      await promise;
      return Buffer.concat(chunks);
    },
  };
}

export type Printer = ReturnType<typeof createPrinter>;

async function readFonts(read: (path: string) => Promise<Buffer>): Promise<{ regular: Buffer; bold: Buffer }> {
  const { resolve } = createRequire(import.meta.url);
  const font = (name: string) => read(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
  const [regular, bold] = await Promise.all([font('DejaVuSans'), font('DejaVuSans-Bold')]);
  return { regular, bold };
}

function layOut(document: PDFKit.PDFDocument, content: PrintedDocument): void {
  /** Writes a text at its place, and answers where it ends. */
  function write(text: string, place: Place): number {
    const { x, y, width, align = 'left', color = INK } = place;
    document.fillColor(color);
    // The height keeps the library from turning pages by itself.
    document.text(printable(text), x, y, { ...styled(text, place), width, align, height: BOTTOM });
    return y + heightOf(text, place);
  }

  function heightOf(text: string, place: Pick<Place, 'width' | 'size' | 'bold'>): number {
    return document.heightOfString(printable(text), { ...styled(text, place), width: place.width });
  }

  function styled(text: string, { size = NORMAL, bold = false }: Pick<Place, 'size' | 'bold'>): { features?: [] } {
    document.font(bold ? 'bold' : 'regular').fontSize(size);
    return RIGHT_TO_LEFT.test(text) ? { features: [] } : {};
  }

  function rule(y: number): number {
    document
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + WIDTH, y)
      .lineWidth(0.5)
      .strokeColor(RULE)
      .stroke();
    return y + GAP;
  }

  function head({ letterhead: [name = '', ...rest], title }: PrintedDocument): number {
    const half = WIDTH / 2 - GAP;
    let y = write(name, { x: MARGIN, y: MARGIN, width: half, size: 12, bold: true }) + 2;
    for (const line of rest) y = write(line, { x: MARGIN, y, width: half, color: FAINT, size: SMALL });
    const right = { x: MARGIN + half + 2 * GAP, y: MARGIN, width: half, align: 'right' } as const;
    return Math.max(y, write(title, { ...right, size: LARGE, bold: true })) + 4 * GAP;
  }

  function block({ heading, lines }: PrintedBlock, x: number, top: number): number {
    const width = WIDTH / 2 - GAP;
    let y = write(heading, { x, y: top, width, size: SMALL, color: FAINT }) + 2;
    for (const line of lines) y = write(line, { x, y, width }) + 1;
    return y;
  }

  const cellsOf = (row: PrintedRow) => {
    let x = MARGIN;
    return content.columns.map(({ share, align }, index) => {
      const cell = { text: row.cells[index] ?? '', x, width: WIDTH * share - GAP, align };
      x += WIDTH * share;
      return cell;
    });
  };

  function tableHead(top: number): number {
    const cells = cellsOf({ cells: content.columns.map(({ heading }) => heading) });
    const ends = cells.map(({ text, ...place }) => write(text, { ...place, y: top, size: SMALL, color: FAINT }));
    return rule(Math.max(...ends) + GAP / 2);
  }

  function row(printed: PrintedRow, top: number): number {
    const cells = cellsOf(printed);
    const first = cells[0] ?? { width: WIDTH, x: MARGIN };
    const detail = printed.detail === undefined ? null : { text: printed.detail, width: first.width, size: SMALL };
    const under = detail ? heightOf(detail.text, detail) + 1 : 0;
    const heights = cells.map(({ text, width }, index) => heightOf(text, { width }) + (index === 0 ? under : 0));
    const height = Math.max(...heights) + GAP;
    const y = top + height > BOTTOM ? tableHead(newPage()) : top;
    const ends = cells.map(({ text, ...place }) => write(text, { ...place, y }));
    if (detail) write(detail.text, { ...detail, x: first.x, y: (ends[0] ?? y) + 1, color: FAINT });
    return y + height;
  }

  function newPage(): number {
    document.addPage();
    return MARGIN;
  }

  function sums(top: number): number {
    const left = { x: MARGIN + WIDTH * 0.4, width: WIDTH * 0.35 } as const;
    const right = { x: MARGIN + WIDTH * 0.75, width: WIDTH * 0.25 - GAP, align: 'right' } as const;
    const height = content.sums.reduce((all, { label }) => all + heightOf(label, { ...left, size: 10 }) + 3, 0);
    let y = rule(top + height + 2 * GAP > BOTTOM ? newPage() : top);
    for (const [index, { label, value }] of content.sums.entries()) {
      const isLast = index === content.sums.length - 1;
      const style = isLast ? { bold: true, size: 10 } : {};
      const end = write(label, { ...left, y, ...style });
      y = Math.max(end, write(value, { ...right, y, ...style })) + 3;
    }
    return y + 3 * GAP;
  }

  let y = head(content);
  y = Math.max(y, ...content.blocks.map((each, index) => block(each, MARGIN + index * (WIDTH / 2 + GAP), y))) + 4 * GAP;
  y = tableHead(y);
  for (const printed of content.rows) y = row(printed, y);
  y = sums(y + GAP);
  for (const note of content.notes) {
    const place = { x: MARGIN, width: WIDTH, size: SMALL, color: FAINT };
    if (y + heightOf(note, place) > BOTTOM) y = newPage();
    y = write(note, { ...place, y }) + 2;
  }

  const { count } = document.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    document.switchToPage(page);
    // Otherwise a line within the margin would begin a page.
    document.page.margins.bottom = 0;
    const place = { x: MARGIN, y: BOTTOM + 14, width: WIDTH, size: SMALL, color: FAINT, align: 'right' } as const;
    write(`${content.title} · page ${page + 1} of ${count}`, place);
  }
}
