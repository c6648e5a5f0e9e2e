import fc from "fast-check";
import { expect, test } from "vitest";
import { sizeWords } from "#lib/core/sent-files.ts";
import { messageInput } from "#lib/domain/billing/disputes/input.ts";
import { type FileKind, fileKinds, kindOf, messageLimits, storageKey } from "./rules.ts";

const text = Buffer.from("day,amount\r\n2026-11-01,4.20\r\nMünchen,1\n");
const contents: Record<FileKind, Buffer> = {
  pdf: Buffer.from("%PDF-1.7\n%\u00e2\u00e3\n", "latin1"),
  png: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  jpeg: Buffer.from("ffd8ffe000104a464946", "hex"),
  txt: text,
  csv: text,
};
const endings: Record<FileKind, readonly string[]> = {
  pdf: ["pdf"],
  png: ["png"],
  jpeg: ["jpg", "jpeg"],
  txt: ["txt"],
  csv: ["csv"],
};
const isText = (kind: FileKind) => kind === "txt" || kind === "csv";

test.each(fileKinds.flatMap((kind) => fileKinds.map((named) => [kind, named] as const)))(
  "content of %s under a name of %s is taken only where both are the same",
  (kind, named) => {
    const isSame = kind === named || (isText(kind) && isText(named));
    for (const ending of endings[named])
      for (const name of [`a.${ending}`, `A B.${ending.toUpperCase()}`, `a.exe.${ending}`])
        expect(kindOf(name, contents[kind])).toBe(isSame ? named : null);
  },
);

test.each([
  ["page.html", Buffer.from("<script>alert(1)</script>")],
  ["picture.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")],
  ["scan.pdf", Buffer.from("<html>")],
  ["scan.pdf", Buffer.from(" %PDF-1.7")],
  ["tool.txt", Buffer.from("MZ\u0090\0\u0003\0", "latin1")],
  ["list.csv", Buffer.from("PK\u0003\u0004", "latin1")],
  ["list.csv", Buffer.from("a,b\0c")],
  ["pdf", contents.pdf],
  ["a.pdf.exe", contents.pdf],
  ["a.pdf ", contents.pdf],
  ["a.csv", Buffer.alloc(0)],
  ["__proto__", text],
  ["a.constructor", text],
])("%s with other content is refused", (name, bytes) => {
  expect(kindOf(name, bytes)).toBeNull();
});

test("a text with any sign that is not written is no text, wherever it stands", () => {
  const sign = fc.integer({ min: 0, max: 31 }).filter((byte) => ![9, 10, 12, 13].includes(byte));
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), sign, fc.nat(), (words, byte, at) => {
      const bytes = Buffer.from(words);
      fc.pre(!words.startsWith("%PDF-"));
      expect(kindOf("a.txt", bytes)).toBe("txt");
      const spoiled = Buffer.concat([
        bytes.subarray(0, at % bytes.length),
        Buffer.from([byte]),
        bytes.subarray(at % bytes.length),
      ]);
      expect(kindOf("a.txt", spoiled)).toBeNull();
    }),
  );
});

const fileBytes = messageLimits.megabytesEach * 1024 * 1024;
const disputeId = `dsp_${"0".repeat(26)}`;
const parse = (files: unknown) => messageInput.safeParse({ disputeId, body: "See the file.", files });
const sized = (bytes: number, name = "a.txt") => new File([Buffer.alloc(bytes, "a")], name);
const problemOf = (files: unknown) =>
  parse(files)
    .error?.issues.map(({ message }) => message)
    .join(" ");

test("a form without a file, with one and with several sends a message", () => {
  expect(parse(undefined).data?.files ?? []).toEqual([]);
  expect(parse(new File([], "")).data?.files).toEqual([]);
  // So a page's program sends a field without a file.
  expect(parse(new File([], "undefined")).data?.files).toEqual([]);
  expect(parse(sized(1)).data?.files).toHaveLength(1);
  expect(parse([sized(1), sized(2)]).data?.files).toHaveLength(2);
  expect(parse(sized(fileBytes)).success).toBe(true);
  expect(parse([sized(fileBytes), sized(fileBytes)]).success).toBe(true);
});

test.each([
  ["six files", Array.from({ length: 6 }, () => sized(1)), "At most 5 files."],
  ["an empty file", sized(0, "void.csv"), "void.csv is empty."],
  ["a file that is too big", sized(fileBytes + 1, "all.csv"), "all.csv is too big: at most 5 MB each."],
  [
    "files that are too big together",
    [sized(fileBytes), sized(fileBytes - 1), sized(2)],
    "Together they are too big: at most 10 MB.",
  ],
  ["a text in place of a file", "a.pdf", "Choose files."],
])("%s is refused in words", (_name, files, words) => {
  expect(problemOf(files)).toBe(words);
});

test("the key of a file is its hash under its dispute, and sizes are said shortly", () => {
  expect(storageKey("org_a", "dsp_b", "c0ffee")).toBe("disputes/org_a/dsp_b/c0ffee");
  expect([1, 1499, 12_000, 4_200_000].map(sizeWords)).toEqual(["1 kB", "1 kB", "12 kB", "4.2 MB"]);
});
