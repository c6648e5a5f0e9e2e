import { expect, test } from "vitest";
import { type Facts, previewOf } from "./limit-preview.ts";

const euro = 1_000_000_000_000n;
const facts = (given: Partial<Facts["standing"]> = {}, above: bigint | null = null): Facts => ({
  standing: { scope: "workspace", period: "month", limitPico: 150n * euro, settledPico: (123n * euro) / 10n, ...given },
  above,
  resets: "1 December",
});

test.each([
  ["the same limit says nothing", "150,00", facts(), undefined],
  ["what cannot be read says nothing yet", "15o", facts(), undefined],
  [
    "a lower one that is spent",
    "10",
    facts(),
    "€12.30 is already spent: requests will be refused until 1 December or a raise.",
  ],
  [
    "one that is exactly spent",
    "12.30",
    facts(),
    "€12.30 is already spent: requests will be refused until 1 December or a raise.",
  ],
  [
    "nothing at all",
    "0",
    facts(),
    "With a limit of €0.00, every request is refused at once, until 1 December or a raise.",
  ],
  ["a higher one", "200", facts(), "€187.70 will be left until 1 December."],
  ["none", "", facts(), "No limit: nothing stops spending here."],
  [
    "none under the organization's",
    "",
    facts({}, 500n * euro),
    "No limit of its own: only the organization's, €500.00, stops spending here.",
  ],
  ["none where there is none", "", facts({ limitPico: null }), undefined],
  [
    "more than the organization's",
    "501",
    facts({}, 500n * euro),
    "The organization's limit is €500.00; a workspace cannot have more.",
  ],
])("T-4.2.2.2-LIM2: before saving, %s", (_name, typed, given, text) => {
  expect(previewOf(typed, given)?.text).toBe(text);
});

test("T-4.2.2.2-LIM2: a lifetime has no reset to wait for", () => {
  expect(previewOf("1", { ...facts({ period: "lifetime", scope: "key" }), resets: null })?.text).toBe(
    "€12.30 is already spent: requests will be refused until a raise.",
  );
});
