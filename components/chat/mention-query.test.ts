import { expect, test } from "vitest";
import { mentionsIn } from "#lib/domain/agents/mentions/rules.ts";
import { meant, mentionBeing, mentioned } from "./mention-query.ts";

const at = (text: string) => mentionBeing(text.replace("|", ""), text.indexOf("|"));

test.each([
  ["@|", 0, ""],
  ["@Tra|", 0, "tra"],
  ["Ask @tr|avel", 4, "tr"],
  ["(@a|", 1, "a"],
  ["＠a|", 0, "a"],
])("T-4.3-TAG the menu opens while a name is written: %s", (text, start, query) => {
  expect(at(text)).toEqual({ start, query });
});

test.each(["a@|", "a@b|", "@a |", "|@a", "/@a|", "@@a|", "", "|"])("T-4.3-TAG and not otherwise: %s", (text) => {
  expect(at(text)).toBeNull();
});

const agents = [
  { name: "Travel planner", handle: "travel" },
  { name: "Planner of trips", handle: "trips" },
  { name: "Geographer", handle: "geo" },
];

test("handles that begin so come first, then names with it", () => {
  expect(meant(agents, "tr").map(({ handle }) => handle)).toEqual(["travel", "trips"]);
  expect(meant(agents, "planner").map(({ handle }) => handle)).toEqual(["travel", "trips"]);
  expect(meant(agents, "graph").map(({ handle }) => handle)).toEqual(["geo"]);
  expect(meant(agents, "")).toHaveLength(3);
});

test("T-4.3-TAG what the menu writes is a call, with the caret behind it", () => {
  const text = "Ask @tr about Paris";
  const query = mentionBeing(text, 7);
  const done = query && mentioned(text, query, "travel");
  expect(done).toEqual({ text: "Ask @travel about Paris", caret: 12 });
  expect(mentionsIn(done?.text ?? "")).toMatchObject([{ handle: "travel" }]);
  const end = mentioned("@", { start: 0, query: "" }, "geo");
  expect(end).toEqual({ text: "@geo ", caret: 5 });
});
