import fc from "fast-check";
import { expect, test } from "vitest";
import { attachmentHeader, fileNameOf } from "./file-name.ts";

test.each([
  ["invoice.pdf", "invoice.pdf"],
  ["  a b.pdf ", "a b.pdf"],
  ["C:\\Users\\mara\\bill.pdf", "bill.pdf"],
  ["../../etc/passwd", "passwd"],
  ["bill\r\nset-cookie: a.pdf", "billset-cookie: a.pdf"],
  ["bill\u202efdp.exe", "billfdp.exe"],
  ["Rechnung für März.csv", "Rechnung für März.csv"],
  ["", "file"],
  ["/", "file"],
  ["\u0000", "file"],
  [`${"a".repeat(300)}.pdf`, `${"a".repeat(116)}.pdf`],
])("a file sent as %j is kept as %j", (sent, kept) => {
  expect(fileNameOf(sent)).toBe(kept);
});

test("whatever a file is called, its name is short, names no folder, and its header is one line that a browser takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (sent) => {
      const name = fileNameOf(sent);
      expect(name).not.toMatch(/[\\/]|\p{C}/u);
      expect([...name].length).toBeGreaterThan(0);
      expect([...name].length).toBeLessThanOrEqual(120);
      const header = new Headers({ "content-disposition": attachmentHeader(name) }).get("content-disposition") ?? "";
      const [, plain, exact = ""] =
        /^attachment; filename="([^"]*)"; filename\*=UTF-8''([\w%.~!-]*)$/.exec(header) ?? [];
      expect(plain).toBeDefined();
      expect(decodeURIComponent(exact)).toBe(name);
    }),
  );
});
