import { z } from "zod";
import type { OrganizationContext } from "#lib/core/context.ts";
import { decimalString, pico } from "#lib/core/money.ts";
import { setOrganizationLimit } from "#lib/domain/limits/commands.ts";
import { organizationStanding } from "#lib/domain/limits/queries.ts";
import { isReached } from "#lib/domain/limits/rules.ts";
import { lastPaymentFailed } from "#lib/domain/payments/attempts/queries.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import { organizationRates } from "#lib/gateway/rate-limits/gauges.ts";
import type { Routes } from "#server/v1/app.ts";

const limitsShape = z.object({
  limits: z.object({
    completion: z.object({
      no_monthly_limit: z.boolean(),
      monthly_limit_reached: z.boolean(),
      usage: z.number().describe("Euros spent this month."),
      vibe_usage: z.number(),
      total_usage: z.number(),
      usage_limit: z.number().nullable(),
    }),
    last_payment_failure: z.boolean(),
    last_payment_failure_protection: z.boolean().nullable(),
    currency: z.string(),
  }),
});

async function limitsNow(ctx: OrganizationContext): Promise<z.input<typeof limitsShape>> {
  const standing = await organizationStanding(ctx);
  const { limitPico, settledPico } = standing;
  const hasFailed = await lastPaymentFailed(ctx);
  const usage = Number(decimalString(settledPico));
  return {
    limits: {
      completion: {
        no_monthly_limit: limitPico === null,
        monthly_limit_reached: isReached(standing),
        usage,
        vibe_usage: 0,
        total_usage: usage,
        usage_limit: limitPico === null ? null : Number(decimalString(limitPico)),
      },
      last_payment_failure: hasFailed,
      last_payment_failure_protection: null,
      currency: "EUR",
    },
  };
}

const spend = adminEndpoint({
  can: "limits.read",
  summary: "What the organization has spent this month, and what it may.",
  output: limitsShape,
  run: limitsNow,
});

const setSpend = adminEndpoint({
  can: setOrganizationLimit,
  summary: "Set what the organization may spend in a calendar month, in whole euros, or take the limit away.",
  input: z.object({ amount: z.int().min(0).max(1_000_000_000), no_monthly_limit: z.boolean().default(false) }),
  output: limitsShape,
  run: async (ctx, { input: { amount, no_monthly_limit: isUnlimited } }) => {
    const limit = isUnlimited ? null : pico(BigInt(amount) * 10n ** 12n);
    await setOrganizationLimit(ctx, { limit });
    return limitsNow(ctx);
  },
});

const rates = adminEndpoint({
  can: "limits.read",
  summary: "The organization's rate limits.",
  output: z.object({
    requests_per_second: z.number(),
    tokens_limits_by_model: z.record(
      z.string(),
      z.object({ tokens_per_minute: z.number(), tokens_per_month: z.number().nullable() }),
    ),
  }),
  run: async (ctx) => {
    const { gauges } = await organizationRates(ctx);
    const least = (values: number[]): number | null => (values.length > 0 ? Math.min(...values) : null);
    const valuesOf = (kind: string, model: string | null): number[] =>
      gauges
        .filter((gauge) => gauge.kind === kind && (gauge.model === null || gauge.model === model))
        .map(({ value }) => value);
    const models = [...new Set(gauges.flatMap(({ model }) => (model === null ? [] : [model])))];
    return {
      requests_per_second:
        least(gauges.filter(({ kind }) => kind === "requests_second").map(({ value }) => value)) ?? 0,
      tokens_limits_by_model: Object.fromEntries(
        models.map((model) => [
          model,
          {
            tokens_per_minute: least(valuesOf("tokens_minute", model)) ?? 0,
            tokens_per_month: least(valuesOf("tokens_month", model)),
          },
        ]),
      ),
    };
  },
});

export function adminLimits(routes: Routes): void {
  routes.get("/v1/admin/spend-limit", spend);
  routes.post("/v1/admin/spend-limit", setSpend);
  routes.get("/v1/admin/rate-limit", rates);
}
