import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf } from "./rules.ts";

const count = fc.bigInt({ min: 0n, max: 10n ** 13n });
const unit = fc.bigInt({ min: 0n, max: 10n ** 10n });
const usage = fc
  .record({
    ...{ fresh: count, cached: count, written: count },
    ...{ inputMicros: unit, cachedInputMicros: unit, outputMicros: unit },
    waived: fc.oneof(fc.constant(0n), count),
  })
  .map(({ fresh, cached, written, waived, ...prices }) => ({
    ...{ month: "2026-11-01", workspaceId: "wks_1", workspaceName: "Production", model: "m", modelName: "M" },
    ...prices,
    ...{ promptTokens: fresh + cached, cachedTokens: cached, completionTokens: written },
    kind: "request" as const,
    unitMicros: 0n,
    quantity: 0n,
    costPico: fresh * prices.inputMicros + cached * prices.cachedInputMicros + written * prices.outputMicros - waived,
  }));

test("billing 1: each line is its quantity times its price, and all are what the requests cost, to the last pico-euro", () => {
  fc.assert(
    fc.property(usage, (used) => {
      const lines = linesOf(used);
      expect(lines.reduce((sum, { exactPico }) => sum + exactPico, 0n)).toBe(used.costPico);
      for (const { kind, quantity, unitMicros, exactPico } of lines) {
        if (kind === "waived") continue;
        const [whole = "", fraction = ""] = quantity.split(".");
        // Millions of tokens with six decimals, in micro-euros a million: both as whole numbers.
        expect(fraction).toHaveLength(6);
        expect(BigInt(whole + fraction) * unitMicros).toBe(exactPico);
      }
    }),
    { numRuns: 500 },
  );
});
