import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { documentKinds } from "./input.ts";
import { draftOf, effectiveAt } from "./rules.ts";

const at = (day: string | null) => (day === null ? null : new Date(`${day}T12:00:00Z`));

describe("T-1-EFF: the agreement takes effect at the first use or at the acceptance, whichever is earlier", () => {
  const cases: [used: string | null, accepted: string | null, effective: string | null][] = [
    ["2026-03-01", "2026-03-02", "2026-03-01"],
    ["2026-03-02", "2026-03-01", "2026-03-01"],
    ["2026-03-01", "2026-03-01", "2026-03-01"],
    ["2026-03-01", null, "2026-03-01"],
    [null, "2026-03-01", "2026-03-01"],
    [null, null, null],
  ];
  test.each(cases)("used %s, accepted %s: effective %s", (used, accepted, effective) => {
    expect(effectiveAt(at(used), at(accepted))).toEqual(at(effective));
  });
});

const provider = { provider: "Acme AI", legalName: "Acme SAS", support: "help@acme.example" };
const head = "---\nversion: 3\ntitle: Terms of {{provider}}\nsummary: Short: and clear.\n---\n";

describe("a document file", () => {
  test("becomes a version with the provider's names filled in", () => {
    const draft = draftOf(`${head}\nBy {{legalName}}, {{support}}.\n`, provider);
    expect(draft).toMatchObject({ version: 3, title: "Terms of Acme AI", summary: "Short: and clear." });
    expect(draft.body).toBe("By Acme SAS, help@acme.example.");
  });

  test("of a renamed provider is another text from the same template", () => {
    const before = draftOf(`${head}\nBy {{legalName}}.`, provider);
    const after = draftOf(`${head}\nBy {{legalName}}.`, { ...provider, legalName: "Acme SE" });
    expect(after.sha256).not.toBe(before.sha256);
    expect(after.templateSha256).toBe(before.templateSha256);
  });

  test.each([
    ["no front matter", "# Terms"],
    ["a version that is not a number", "---\nversion: one\ntitle: T\nsummary: S\n---\ntext"],
    ["no summary", "---\nversion: 1\ntitle: T\n---\ntext"],
    ["a placeholder nobody fills", `${head}{{owner}}`],
    ["a placeholder named like a method of every object", `${head}{{toString}}`],
  ])("with %s is refused", (_what, file) => {
    expect(() => draftOf(file, provider)).toThrow();
  });
});

describe("the documents we ship", () => {
  const shipped = (kind: string) => readFile(`lib/domain/terms/documents/${kind}.md`, "utf8");

  test.each(documentKinds)("%s reads and leaves no placeholder", async (kind) => {
    expect(draftOf(await shipped(kind), provider).body).not.toMatch(/[{}]/);
  });

  test("T-3-CLICK: the terms name every period and amount the product keeps to", async () => {
    const { body } = draftOf(await shipped("terms"), provider);
    for (const fact of ["six months", "30 days", "€150", "one year", "10 days", "15 days", "whichever is earlier"]) {
      expect(body).toContain(fact);
    }
  });

  test("none of them names anyone else's company", async () => {
    const texts = await Promise.all(documentKinds.map(shipped));
    expect(texts.join("\n")).not.toMatch(/mistral|le chat|la plateforme/i);
  });
});

describe("T-2-INC: the values a document states", () => {
  const stating = (values: string, text: string) =>
    draftOf(`---\nversion: 1\ntitle: T\nsummary: S\nvalues:\n${values}\n---\n${text}`, provider);

  test("are data of its version, and part of its hash", () => {
    const draft = stating("  days.dispute: 30\n  months.model-notice: 6", "Within **30 days**, and six months ahead.");
    expect(draft.values).toEqual({ "days.dispute": 30, "months.model-notice": 6 });
    const other = stating("  days.dispute: 30", "Within **30 days**, and six months ahead.");
    expect(other.body).toBe(draft.body);
    expect(other.sha256).not.toBe(draft.sha256);
    expect(other.textSha256).toBe(draft.textSha256);
  });

  test.each([
    ["a number its text does not say", "  days.dispute: 31", "Within 30 days."],
    ["a number with another unit", "  days.dispute: 30", "Within 30 months."],
    ["a part of another number", "  days.dispute: 30", "Within 130 days."],
    ["a value no one knows", "  days.magic: 30", "Within 30 days."],
    ["a value that is no period", "  discount: 30", "Within 30 days."],
    ["what is no number", "  days.dispute: thirty", "Within thirty days."],
  ])("are refused: %s", (_why, values, text) => {
    expect(() => stating(values, text)).toThrow();
  });
});
