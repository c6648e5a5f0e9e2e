import { expect, test } from "vitest";
import { actionsLike, actionTitle, changeWords, keptName } from "./rules.ts";

test.each([
  ["spend_limit.set", { limit: "4" }, { limit: "6" }, "spend limit €4.00 → €6.00"],
  ["spend_limit.set", null, { limit: "6", period: "lifetime" }, "lifetime limit none → €6.00"],
  ["spend_limit.remove", { limit: "4.5" }, {}, "spend limit €4.50 → none"],
  ["organization.change-plan", { plan: "free" }, { plan: "paid" }, "plan free → paid"],
  ["group.rename", { name: "Old" }, { name: "New" }, "group renamed, before Old"],
  ["api_key.revoke", null, {}, "API key revoked"],
  ["later.than-this", null, null, "later than this"],
])("%s reads as people say it", (action, before, after, words) => {
  expect(changeWords({ action, before, after })).toBe(words);
});

test("an action is found by its words, and a thing that is gone by the name its row kept", () => {
  expect(actionsLike("spend limit")).toEqual(["spend_limit.remove", "spend_limit.set"]);
  expect(actionTitle("api_key.create")).toBe("API key created");
  expect(keptName({ before: { name: "old" }, after: { email: "a@b.example" } })).toBe("old");
  expect(keptName({ before: null, after: [1] })).toBeUndefined();
});
