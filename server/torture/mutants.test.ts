import { expect, test } from "vitest";
import { mutants, mutated } from "./mutants.mjs";

test.each(Object.entries(mutants))("the fault of %s can still be planted", (_name, mutant) => {
  expect(mutated(mutant).length).toBeGreaterThan(100);
  expect(mutated(mutant)).not.toContain(mutant.text);
});
