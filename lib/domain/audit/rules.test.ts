import { expect, test } from "vitest";
import { differences, flawWords } from "./rules.ts";

test("what changed is shown value by value", () => {
  expect(differences({ limit: "10.00", kept: true }, { limit: "20.00", kept: true, steps: [50, 80] })).toEqual([
    { name: "limit", before: "10.00", after: "20.00" },
    { name: "kept", before: "true", after: "true" },
    { name: "steps", before: null, after: "50, 80" },
  ]);
  expect(differences(null, null)).toEqual([]);
  expect(differences({ a: { b: 1 } }, { a: null })).toEqual([{ name: "a", before: '{\n  "b": 1\n}', after: null }]);
});

test("each flaw names its row", () => {
  const flaw = { organizationId: "org_a", sequence: 7, id: "evt_x" } as const;
  for (const kind of ["changed", "missing", "moved", "unknown"] as const) {
    expect(flawWords({ ...flaw, kind })).toContain("row 7 (evt_x)");
  }
  expect(flawWords({ ...flaw, kind: "truncated" })).toContain("after row 7");
});
