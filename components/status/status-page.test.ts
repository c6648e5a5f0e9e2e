import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { StatusDocument } from "./status-page.tsx";

test("T-4.4-SLO2: the status page says plainly that downtime gives no refund, also while nothing is known", () => {
  const snapshot = {
    asOf: "2026-11-30T00:00:00.000Z",
    provider: "Test",
    components: [],
    incidents: [],
    maintenances: [],
  };
  const words = renderToStaticMarkup(
    createElement(StatusDocument, { snapshot, base: "/status", console: "/" }),
  ).replace(/<[^>]+>/g, "");
  expect(words.replace(/\s+/g, " ")).toContain("Downtime gives no refund by the Terms (T-4.4-SLO2)");
});
