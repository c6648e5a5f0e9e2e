import { expect, test } from "vitest";
import { eligibility, eligibilityOf } from "#lib/domain/zero-retention/eligibility/rules.ts";
import { routesOf } from "./app.ts";

test("T-4.2.2.2-ZDR1: the table of what works under zero retention says what every endpoint of the API says of itself", () => {
  const routes = routesOf().filter(({ endpoint }) => endpoint.about?.key === "api");
  expect(routes.length).toBeGreaterThan(20);
  const said = routes.map(({ method, path, endpoint }) => [`${method} ${path}`, endpoint.about?.keeps]);
  expect(routes.map(({ method, path }) => [`${method} ${path}`, eligibilityOf(path)?.keeps])).toEqual(said);
  const named = new Set(routes.map(({ path }) => eligibilityOf(path)));
  expect(eligibility.filter((one) => !named.has(one))).toEqual([]);
});
