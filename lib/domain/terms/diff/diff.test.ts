import fc from "fast-check";
import { expect, test } from "vitest";
import { feedOf } from "#lib/domain/terms/feed/rules.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";
import { diffOf, paragraphsOf, wordsOf } from "./rules.ts";

const before =
  "# Terms\n\nFirst, you pay.\n\nSecond, we answer within 30 days.\n\nNo one waits.\n\nThird, all else.\n\n## End\n\nIt ends.";

test("contract 14: a paragraph that only stands elsewhere is marked as moved, and a changed one by its words", () => {
  const after =
    "# Terms\n\nThird, all else.\n\nFirst, you pay.\n\nSecond, we answer within 15 days.\n\nNo one waits.\n\n## End\n\nNew.\n\nIt ends.";
  const rows = diffOf(before, after);
  const marks = rows.map(({ mark, before, after }) => [mark, after ?? before]);
  expect(marks).toContainEqual(["moved-here", "Third, all else."]);
  expect(marks).toContainEqual(["moved-away", "Third, all else."]);
  expect(marks).toContainEqual(["added", "New."]);
  expect(marks).toContainEqual(["same", "First, you pay."]);
  const changed = rows.find(({ mark }) => mark === "changed");
  expect(changed?.words).toEqual([
    { text: "Second, we answer within ", mark: "same" },
    { text: "30", mark: "removed" },
    { text: "15", mark: "added" },
    { text: " days.", mark: "same" },
  ]);
  expect(rows.filter(({ anchor }) => anchor).map(({ anchor }) => anchor)).toEqual(["terms", "end"]);
});

test("contract 14: what is the same is marked as nothing else, and headings of one name have addresses of their own", () => {
  expect(new Set(diffOf(before, before.replaceAll("\n", "\r\n")).map(({ mark }) => mark))).toEqual(new Set(["same"]));
  expect(diffOf("", "## A\n\n## A\n\n## !").map(({ anchor }) => anchor)).toEqual(["a", "a-2", "section"]);
});

const paragraph = fc
  .array(fc.constantFrom("pay", "we", "days", "30", "15", "never,", "end.", "ünïcode"), { minLength: 1, maxLength: 6 })
  .map((words) => words.join(" "));
const text = fc.array(paragraph, { maxLength: 12 }).map((paragraphs) => paragraphs.join("\n\n"));

test("contract 14, property: applying a comparison gives the new text, undoing it the old one, word by word too", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const rows = diffOf(one, other);
      expect(rows.flatMap(({ before }) => before ?? [])).toEqual(paragraphsOf(one));
      expect(rows.flatMap(({ after }) => after ?? [])).toEqual(paragraphsOf(other));
      for (const { mark, before, after, words } of rows) {
        if (mark !== "changed") continue;
        const joined = (without: string) =>
          words
            .filter(({ mark }) => mark !== without)
            .map(({ text }) => text)
            .join("");
        expect([joined("added"), joined("removed")]).toEqual([before, after]);
      }
    }),
    { numRuns: 300 },
  );
});

test("contract 14: texts too long to compare are replaced in their middle, and nothing hangs", () => {
  const long = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word}${i}`).join("\n\n");
  const rows = wordsOf(long("a"), long("b"));
  expect(rows.length).toBeGreaterThan(0);
});

test("contract 14: the feed has what is announced and what is in force, newest first, and is well-formed whatever titles say", () => {
  const version = (number: number, from: string | null, announced: string | null): DocumentTitle => ({
    ...{ id: "doc_1", kind: "terms", version: number, title: 'Terms & <"more">', summary: "All", sha256: "a" },
    ...{ change: "substantial", whatChanges: null, publicationId: null, startsAt: null, endsAt: null },
    effectiveFrom: from ? new Date(from) : null,
    announcedAt: announced ? new Date(announced) : null,
    plannedAt: announced ? new Date("2027-03-10") : null,
  });
  const feed = feedOf([version(1, "2026-01-01", null), version(2, null, "2027-02-07")], {
    provider: "Comptoir",
    base: "https://console.example.com",
    now: new Date("2027-02-08"),
  });
  expect(feed.indexOf("version 2: announced for 2027-03-10")).toBeLessThan(feed.indexOf("version 1: in force"));
  expect(feed).toContain("Terms &amp; &lt;&quot;more&quot;&gt;");
  expect(feed).toContain("<updated>2027-02-07T00:00:00.000Z</updated>");
  expect(feed.match(/<entry>/g)).toHaveLength(2);
});
