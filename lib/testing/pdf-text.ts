import { inflateSync } from "node:zlib";

type Part = { id: string; head: string; stream: Buffer | null };

/** The objects of a PDF as pdfkit writes them: one after the other, streams deflated or plain. */
function partsOf(pdf: Buffer): Part[] {
  const text = pdf.toString("latin1");
  return [...text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id = "", body = ""]) => {
    const at = body.indexOf("stream\n");
    if (at < 0) return { id, head: body, stream: null };
    const head = body.slice(0, at);
    const bytes = Buffer.from(body.slice(at + 7, body.lastIndexOf("\nendstream")), "latin1");
    return { id, head, stream: head.includes("/FlateDecode") ? inflateSync(bytes) : bytes };
  });
}

/** What each glyph of a font means, from the table it has for that. */
function meanings(map: string): string[] {
  const inside = map.slice(map.indexOf("beginbfrange"), map.indexOf("endbfrange"));
  return [...inside.matchAll(/\[([^\]]*)\]/g)].flatMap(([, list = ""]) =>
    [...list.matchAll(/<([^>]*)>/g)].map(([, codes = ""]) =>
      (codes.match(/[0-9a-f]{4}/g) ?? []).map((code) => String.fromCharCode(Number.parseInt(code, 16))).join(""),
    ),
  );
}

/** The text of each page, one line for each run that was set, in the order of drawing. */
export function pdfText(pdf: Buffer): string[] {
  const parts = new Map(partsOf(pdf).map((part) => [part.id, part]));
  const referred = (head: string, name: string): Part | undefined =>
    parts.get(new RegExp(`/${name} (\\d+) 0 R`).exec(head)?.[1] ?? "");
  const pages = [...parts.values()].filter(({ head }) => head.includes("/Type /Page\n"));
  return pages.map(({ head }) => {
    const resources = referred(head, "Resources")?.head ?? "";
    const fonts = new Map<string, string[]>();
    let font: string[] = [];
    let text = "";
    const content = referred(head, "Contents")?.stream?.toString("latin1") ?? "";
    for (const [, name, array] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[(<[^\]]*)\] TJ/g)) {
      if (name) {
        const known =
          fonts.get(name) ??
          meanings(referred(referred(resources, name)?.head ?? "", "ToUnicode")?.stream?.toString() ?? "");
        fonts.set(name, known);
        font = known;
        continue;
      }
      const glyphs = [...(array ?? "").matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex = ""]) => hex.match(/.{4}/g) ?? []);
      text += `${glyphs.map((glyph) => font[Number.parseInt(glyph, 16)] ?? "").join("")}\n`;
    }
    return text;
  });
}

/** A file that is attached to a PDF. */
export const pdfAttachment = (pdf: Buffer, type: string): string | null =>
  partsOf(pdf)
    .find(({ head }) => head.includes("/Type /EmbeddedFile") && head.includes(`/Subtype /${type}`))
    ?.stream?.toString() ?? null;
