import { z } from "zod";
import type { AccountContext } from "#lib/core/context.ts";
import { inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { setPlan } from "#lib/domain/organizations/plan/commands.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import { endOverride, setOverride } from "#lib/domain/rates/commands.ts";
import { overrideId, setOverrideInput } from "#lib/domain/rates/input.ts";
import { factsOf } from "#lib/domain/rates/queries.ts";
import { amountWords, type Gauge, isInForce, type RateOverride, rateKinds } from "#lib/domain/rates/rules.ts";
import { workspaceById } from "#lib/domain/sign-up/provisioning/commands.ts";
import { endForPlan } from "#lib/domain/zero-retention/plan/commands.ts";
import { organizationRates } from "#lib/gateway/rate-limits/gauges.ts";
import { closeSharedStore } from "#lib/gateway/rate-limits/shared-store.ts";
import { type Command, idOf, type Options, type Outcome, optional, parse, required } from "./command.ts";

const plan = z.enum(["free", "paid", "order"]);

async function show(ctx: AccountContext, { organization, model }: Options): Promise<Outcome> {
  const inside = inOrganization(ctx, idOf("organization", organization));
  const [{ gauges }, facts] = await Promise.all([organizationRates(inside), factsOf(inside)]);
  await closeSharedStore();
  const limits = gauges.filter((gauge) => model === undefined || gauge.model === null || gauge.model === model);
  const overrides = facts.overrides.filter((override) => isInForce(override, ctx.now));
  return {
    result: { plan: planAt(facts, inside.now.getTime()), limits, overrides },
    lines: [...limits.map(limitLine), ...overrides.map(overrideLine)],
  };
}

const limitLine = ({ model, kind, value, used, source }: Gauge): string =>
  `${model ?? "all models"}  ${amountWords(kind, value)}  ${used ?? "?"} used  ${source.document}`;

function overrideLine(override: RateOverride): string {
  const { id, workspaceId, model, source, reference, reason, expiresAt } = override;
  const values = rateKinds.flatMap((kind) => (override[kind] === null ? [] : amountWords(kind, override[kind])));
  const end = expiresAt ? `until ${expiresAt.toISOString()}` : "without end";
  return [id, workspaceId, model, values.join(", "), source, reference, end, reason].filter((part) => part).join("  ");
}

async function set(ctx: AccountContext, options: Options): Promise<Outcome> {
  const organizationId = idOf("organization", options.organization);
  const workspaceId = options.workspace === undefined ? null : idOf("workspace", options.workspace);
  if (workspaceId !== null && (await workspaceById(ctx, workspaceId)).organizationId !== organizationId) {
    throw new AppError("invalid", `${workspaceId} is not a workspace of ${organizationId}.`);
  }
  const input = parse(setOverrideInput, {
    workspaceId,
    model: options.model ?? null,
    requestsPerSecond: options["requests-per-second"] ?? null,
    tokensPerMinute: options["tokens-per-minute"] ?? null,
    tokensPerMonth: options["tokens-per-month"] ?? null,
    reason: options.reason,
    purchaseOrder: options["purchase-order"] ?? null,
    expires: options.expires ?? null,
  });
  const id = await setOverride(inOrganization(ctx, organizationId), input);
  return { result: { id }, lines: [`override ${id}`] };
}

export const rateCommands: readonly Command[] = [
  {
    name: "rates show",
    about: "Shows the rate limits of an organization, how they stand, and the overrides in force.",
    options: { organization: required("ID"), model: optional("M") },
    run: show,
  },
  {
    name: "rates set",
    about: "Overrides rate limits, of one model or all, with a reason; in force from the next request on.",
    options: {
      organization: required("ID"),
      workspace: optional("ID"),
      model: optional("M"),
      "requests-per-second": optional("N"),
      "tokens-per-minute": optional("N"),
      "tokens-per-month": optional("N"),
      reason: required("TEXT"),
      "purchase-order": optional("NUMBER"),
      expires: optional("YYYY-MM-DD"),
    },
    run: set,
  },
  {
    name: "rates end",
    about: "Ends an override; plan and tier hold again from the next request on.",
    options: { organization: required("ID"), id: required("ID") },
    run: async (ctx, options) => {
      const id = parse(overrideId, options.id);
      await endOverride(inOrganization(ctx, idOf("organization", options.organization)), id);
      return { result: { id, ended: true }, lines: [`ended ${id}`] };
    },
  },
  {
    name: "organization set-plan",
    about: "Puts an organization on another plan; every process knows with its next request.",
    options: { id: required("ID"), plan: required("free|paid|order"), "end-zero-retention": optional("NAME") },
    run: async (ctx, options) => {
      const id = idOf("organization", options.id);
      const wanted = parse(plan, options.plan);
      await transaction(inOrganization(ctx, id), async (ctx) => {
        if (wanted === "free") await endForPlan(ctx, options["end-zero-retention"]);
        await setPlan(ctx, wanted);
      });
      return { result: { id, plan: wanted }, lines: [`${id} is on the plan ${wanted}`] };
    },
  },
];
