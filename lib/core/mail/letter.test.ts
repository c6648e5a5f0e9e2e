import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { env } from "#lib/core/env.ts";
import { framed } from "./framed.ts";
import { compose, publicLink } from "./letter.ts";

const to = { email: "eve@example.com", name: `<img src=x onerror="alert('1')">` };

test("what people typed cannot become markup in a letter", () => {
  const letter = compose({ kind: "test", to, subject: "<b>&", before: ["<script>1</script>"], after: ["a & b"] });
  expect(letter.html).not.toMatch(/<img|<script|<b>/);
  expect(letter.html).toContain("&lt;script&gt;1&lt;/script&gt;");
  expect(letter.html).toContain("a &amp; b");
  expect(letter.text).toContain("<script>1</script>");
});

test("a link is in the text and in the HTML, on the configured address", () => {
  const link = { label: "Confirm", path: "/confirm?token=a&b=c" };
  const letter = compose({ kind: "test", to, subject: "s", before: [], link });
  expect(letter.text).toContain("http://localhost:3000/confirm?token=a&b=c");
  expect(letter.html).toContain('href="http://localhost:3000/confirm?token=a&amp;b=c"');
});

test("a subject is one line, whatever a name contains", () => {
  expect(compose({ kind: "test", to, subject: "a\r\nBcc: x", before: [] }).subject).toBe("a Bcc: x");
});

test("a letter its reader can do without says where that is chosen, every other one does not", () => {
  const optional = compose({ kind: "limits.alert", to, subject: "s", before: [] });
  expect(optional.text).toContain("which letters you get: http://localhost:3000/account/notices");
  expect(compose({ kind: "terms.changed", to, subject: "s", before: [] }).text).not.toContain("/account/notices");
});

test("in a page's frame a letter keeps its words and links, and has nothing that the page's policy forbids", () => {
  const letter = compose({ kind: "test", to, subject: "s", before: ["a"], link: { label: "Open", path: "/x" } });
  const shown = framed(letter.html);
  expect(letter.html).toContain('style="');
  expect(shown).not.toMatch(/style|<script/);
  expect(shown).toContain('<a href="http://localhost:3000/x">Open</a>');
  expect(shown).toMatch(/<body bgcolor="#ffffff"[^>]*><table[\s\S]*<\/table><\/body>/);
});

test("a letter written at the terminal links to the server that runs, wherever it listens", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "letters-"));
  const before = { ...env() };
  Object.assign(env(), { DEMO: "on", DATA_DIR: folder, PORT: 3000, PUBLIC_URL: undefined, FRONT_PORT: undefined });
  expect(publicLink("/account")).toBe("http://localhost:3000/account");
  fs.writeFileSync(path.join(folder, "server.json"), JSON.stringify({ pid: 1, url: "http://localhost:4711" }));
  expect(publicLink("/account")).toBe("http://localhost:4711/account");
  fs.writeFileSync(path.join(folder, "server.json"), "{");
  expect(publicLink("/account")).toBe("http://localhost:3000/account");
  Object.assign(env(), { PUBLIC_URL: "https://console.example.com" });
  expect(publicLink("/account")).toBe("https://console.example.com/account");
  Object.assign(env(), before, { PUBLIC_URL: before.PUBLIC_URL, FRONT_PORT: before.FRONT_PORT });
  fs.rmSync(folder, { recursive: true });
});
