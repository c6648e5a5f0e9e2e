import fc from "fast-check";
import { expect, test } from "vitest";
import { kindOf, type SentKind, sentKinds } from "./sent-files.ts";

const text = Buffer.from("day,amount\r\n2026-11-01,4.20\r\nMünchen,1\n");
const contents: Record<SentKind, Buffer> = {
  pdf: Buffer.from("%PDF-1.7\n%\u00e2\u00e3\n", "latin1"),
  png: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  jpeg: Buffer.from("ffd8ffe000104a464946", "hex"),
  gif: Buffer.from("GIF89a\u0001\0\u0001\0", "latin1"),
  webp: Buffer.from("RIFF\u0010\0\0\0WEBPVP8 ", "latin1"),
  txt: text,
  log: text,
  md: text,
  csv: text,
  json: Buffer.from('{"a": 1}'),
  jsonl: Buffer.from('{"a": 1}\n{"a": 2}\n'),
};
const texts: readonly SentKind[] = ["txt", "log", "md", "csv", "json", "jsonl"];
const kind = (name: string, bytes: Buffer) => kindOf(name, bytes, sentKinds);
const endingOf = (kind: SentKind) => (kind === "jpeg" ? "JPG" : kind);

test.each(sentKinds.flatMap((is) => sentKinds.map((named) => [is, named] as const)))(
  "content of %s under a name of %s is taken only where both are the same",
  (is, named) => {
    const isSame = is === named || (texts.includes(is) && texts.includes(named));
    expect(kind(`a.exe.${endingOf(named)}`, contents[is])).toBe(isSame ? named : null);
  },
);

test.each([
  ["picture.png", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")],
  ["picture.svg", Buffer.from("<svg/>")],
  ["page.html", Buffer.from("<script>alert(1)</script>")],
  ["archive.zip", Buffer.from("PK\u0003\u0004", "latin1")],
  ["archive.csv", Buffer.from("PK\u0003\u0004", "latin1")],
  ["picture.webp", Buffer.from("RIFF\u0010\0\0\0WAVEfmt ", "latin1")],
  ["latin.txt", Buffer.from("M\u00fcnchen", "latin1")],
  ["half.txt", Buffer.from([0x61, 0xc3])],
  ["over.txt", Buffer.from([0xc0, 0xaf])],
  ["wide.txt", Buffer.from("a", "utf16le")],
  ["void.json", Buffer.alloc(0)],
  ["a.png\0.txt", contents.png],
  ["a.png ", contents.png],
  ["png", contents.png],
])("%s with other content is refused", (name, bytes) => {
  expect(kind(name, bytes)).toBeNull();
});

test("what begins as one kind is never taken as another, whatever follows", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sentKinds),
      fc.constantFrom(...sentKinds),
      fc.uint8Array({ maxLength: 200 }),
      (is, named, rest) => {
        const found = kind(`a.${endingOf(named)}`, Buffer.concat([contents[is], rest]));
        expect([null, named]).toContain(found);
        if (found !== null && !texts.includes(is)) expect(found).toBe(is);
      },
    ),
  );
});
