import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { AnswerText } from "./answer-text.tsx";

const shown = (text: string): string => renderToStaticMarkup(createElement(AnswerText, { text }));

test("what models write in Markdown is shown as it is meant", () => {
  const html = shown("# Trains\n\n- **one**\n- `two`\n\n```\ncode\n```\n\n| a | b |\n|:-:|---|\n| 1 | 2 |");
  expect(html).toContain(">Trains</p>");
  expect(html).toMatch(/<li>\s*<strong[^>]*>one<\/strong>\s*<\/li>/);
  expect(html).toMatch(/<pre[^>]*><code[^>]*>code\n<\/code><\/pre>/);
  expect(html).toMatch(/<td[^>]*>1<\/td>/);
  expect(html).not.toContain("style=");
});

test("lines stay lines, and what looks like markup is text", () => {
  const html = shown("One\nTwo\n\n<img src=x onerror=alert(1)> <script>alert(1)</script>");
  expect(html).toContain("One\nTwo");
  expect(html).not.toMatch(/<(img|script)/);
  expect(html).toContain("&lt;script&gt;");
});

test("nothing is loaded from an address in an answer, and no link runs anything or says where it comes from", () => {
  const html = shown("![said](https://example.com/?q=secret) [run](javascript:alert(1)) [go](https://example.com)");
  expect(html).not.toContain("secret");
  expect(html).toContain("[image: said]");
  expect(html).not.toContain("javascript:");
  expect(html).toContain('<a href="https://example.com" target="_blank" rel="noreferrer nofollow"');
});
