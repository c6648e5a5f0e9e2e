import PDFDocument from "pdfkit";
import { type Line, lineHeight, type Style, Typesetter } from "./typesetter.ts";

export const margin = 48;
const footer = 64;
export const page = { width: 595.28, height: 841.89 };
export const inner = { left: margin, right: page.width - margin, width: page.width - 2 * margin };
const bottom = page.height - footer - 14;

export const colors = { muted: "#667085", hair: "#e4e7ec", strong: "#c5cad3", accent: "#0b625b", soft: "#f4f8f7" };

type Options = { title: string; subject: string; createdOn: string };
export type Tag = "P" | "H1" | "H2" | "TH" | "TD";
type Group = "Sect" | "Table" | "TR";

/** A4 pages with a cursor that goes down. What is drawn is tagged, so that a screen reader follows it too. */
export class Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly #setter: Typesetter;
  readonly #parents: PDFKit.PDFStructureElement[] = [];
  readonly #parts: Buffer[] = [];
  /** What begins a page that follows, such as the head of a table. */
  onPage: (() => void) | null = null;
  y = margin;

  constructor({ title, subject, createdOn }: Options) {
    const at = new Date(`${createdOn}T00:00:00Z`);
    this.doc = new PDFDocument({
      size: "A4",
      margin: 0,
      pdfVersion: "1.7",
      subset: "PDF/A-3b",
      tagged: true,
      lang: "en",
      displayTitle: true,
      bufferPages: true,
      autoFirstPage: false,
      // The same document is always the same bytes, so the day it was issued is when it was made.
      info: {
        Title: title,
        Subject: subject,
        CreationDate: at,
        ModDate: at,
        Producer: "Comptoir",
        Creator: "Comptoir",
      },
    });
    this.#setter = new Typesetter(this.doc);
    this.doc.on("data", (part: Buffer) => this.#parts.push(part));
    this.doc.addPage();
    const root = this.doc.struct("Document");
    this.doc.addStructure(root);
    this.#parents.push(root);
  }

  /** What is left of the page. */
  get room(): number {
    return bottom - this.y;
  }

  /** The most that a page after the first can hold, less what repeats at its top. */
  readonly pageRoom = bottom - margin - 40;

  /** Begins another page unless there is that much room. */
  need(height: number): void {
    if (height > this.room) this.breakPage();
  }

  breakPage(): void {
    this.doc.addPage();
    this.y = margin;
    this.onPage?.();
  }

  lines(text: string, width: number, style: Style): Line[] {
    return this.#setter.lines(text, width, style);
  }

  line(text: string, style: Style): Line {
    return this.#setter.line(text, style);
  }

  group<T>(tag: Group, draw: () => T): T {
    const element = this.doc.struct(tag);
    this.#parents.at(-1)?.add(element);
    this.#parents.push(element);
    const result = draw();
    this.#parents.pop();
    element.end();
    return result;
  }

  /** Sets lines at a place and says how high they are. */
  put(lines: readonly Line[], x: number, y: number, { tag = "P", right }: { tag?: Tag; right?: number } = {}): number {
    const leading = (lines[0]?.style.size ?? 0) * lineHeight;
    const element = this.doc.struct(tag, {}, () => this.#draw(lines, x, y, right));
    this.#parents.at(-1)?.add(element);
    element.end();
    return leading * lines.length;
  }

  /** One text on as many lines as it needs. */
  text(text: string, x: number, y: number, width: number, style: Style, tag: Tag = "P"): number {
    return this.put(this.lines(text, width, style), x, y, { tag });
  }

  /** One text that ends at a place. */
  textTo(text: string, right: number, y: number, width: number, style: Style, tag: Tag = "P"): number {
    return this.put(this.lines(text, width, style), right - width, y, { tag, right });
  }

  /** A figure that ends at a place; it is never broken. */
  figure(text: string, right: number, y: number, style: Style, tag: Tag = "P"): number {
    return this.put([this.line(text, style)], right, y, { tag, right });
  }

  /** Ornament: it says nothing to a reader who hears the page. */
  ornament(draw: () => void): void {
    this.doc.markContent("Artifact", { type: "Layout" });
    draw();
    this.doc.endMarkedContent();
  }

  rule(x: number, to: number, y: number, { color = colors.hair, width = 0.6 } = {}): void {
    this.ornament(() => this.doc.lineWidth(width).strokeColor(color).moveTo(x, y).lineTo(to, y).stroke());
  }

  panel(x: number, y: number, width: number, height: number, color: string = colors.soft): void {
    this.ornament(() => this.doc.fillColor(color).roundedRect(x, y, width, height, 4).fill());
  }

  /** Text that belongs to the page and not to what it says, such as its number. */
  loose(lines: readonly Line[], x: number, y: number, right?: number): void {
    this.ornament(() => this.#draw(lines, x, y, right));
  }

  #draw(lines: readonly Line[], x: number, y: number, right: number | undefined): void {
    lines.forEach((line, index) => {
      const { size } = line.style;
      const baseline = y + index * size * lineHeight + size * 1.02;
      this.#setter.draw(line, right === undefined ? x : right - line.width, baseline);
    });
  }

  /** Goes over all pages once they are known. */
  eachPage(draw: (number: number, count: number) => void): void {
    const { start, count } = this.doc.bufferedPageRange();
    for (let index = 0; index < count; index += 1) {
      this.doc.switchToPage(start + index);
      draw(index + 1, count);
    }
  }

  async finish(): Promise<Buffer> {
    while (this.#parents.length > 0) this.#parents.pop()?.end();
    const ended = new Promise<void>((resolve, reject) => this.doc.once("end", resolve).once("error", reject));
    this.doc.end();
    await ended;
    return Buffer.concat(this.#parts);
  }
}
