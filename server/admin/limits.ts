import { z } from "zod";
import type { AccountContext } from "#lib/core/context.ts";
import { inOrganization, inWorkspace } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { decimalString, formatEuros, formatSum } from "#lib/core/money.ts";
import { keyPlace } from "#lib/domain/keys/queries.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { alertSteps, keyLimitInput, type LimitInput, limitAmount } from "#lib/domain/limits/input.ts";
import { limitsOf } from "#lib/domain/limits/queries.ts";
import { isReached, type LimitStanding, leftPico, percentOf } from "#lib/domain/limits/rules.ts";
import { workspaceById } from "#lib/domain/sign-up/provisioning/commands.ts";
import { type Command, idOf, type Options, optional, parse, required } from "./command.ts";

const scope = z.enum(["organization", "workspace", "key"]);

/** Removing a limit has a word of its own, so that an empty variable in a script never removes one. */
function limitOf({ euros, none, alerts }: Options): LimitInput {
  if ((euros === undefined) === (none === undefined)) {
    throw new AppError("invalid", "Say either --euros N or --none.");
  }
  if (euros === "") throw new AppError("invalid", "--euros needs an amount.");
  // A program's point is a decimal one, also before three digits.
  const typed = euros?.replace(/^\d+\.\d{3}$/, (amount) => `${amount}0`);
  const limit = parse(limitAmount, none === undefined ? typed : "");
  return alerts === undefined ? { limit } : { limit, alerts: parse(alertSteps, alerts) };
}

async function set(ctx: AccountContext, options: Options): Promise<void> {
  const limit = limitOf(options);
  const asked = parse(scope, options.scope);
  if (options.lifetime !== undefined && asked !== "key") {
    throw new AppError("invalid", "Only a key can have a limit for its whole life.");
  }
  if (asked === "organization") return setOrganizationLimit(inOrganization(ctx, idOf(asked, options.id)), limit);
  if (asked === "workspace") {
    const { organizationId, workspaceId } = await workspaceById(ctx, idOf(asked, options.id));
    return setWorkspaceLimit(inWorkspace(inOrganization(ctx, organizationId), workspaceId), limit);
  }
  const { id, period } = parse(keyLimitInput.pick({ id: true, period: true }), {
    id: options.id,
    period: options.lifetime === undefined ? "month" : "lifetime",
  });
  const { organizationId, workspaceId } = await keyPlace(ctx, id);
  return setKeyLimit(inWorkspace(inOrganization(ctx, organizationId), workspaceId), { id, period, ...limit });
}

const periodWords = { month: "a month", lifetime: "for its whole life" } as const;

/** Amounts as decimal strings of euros, which no reader rounds. */
function shown(standing: LimitStanding) {
  const { scope, scopeId, period, limitPico, settledPico, heldPico, alertPercents } = standing;
  return {
    scope,
    id: scopeId,
    period,
    limit: decimalString(limitPico ?? 0n),
    spent: decimalString(settledPico),
    held: decimalString(heldPico),
    left: decimalString(leftPico(standing) ?? 0n),
    percent: percentOf(standing),
    reached: isReached(standing),
    alerts: alertPercents,
  };
}

function line(standing: LimitStanding): string {
  const { scope, scopeId, period, limitPico, settledPico, heldPico } = standing;
  const held = heldPico > 0n ? `, ${formatSum(heldPico)} held` : "";
  const spent = `${formatSum(settledPico)} of ${formatEuros(limitPico ?? 0n)} (${percentOf(standing)} %)${held}`;
  return `${scope}  ${scopeId}  ${period}  ${spent}${isReached(standing) ? "  REACHED" : ""}`;
}

export const limitCommands: readonly Command[] = [
  {
    name: "limit set",
    about:
      "Sets what may be spent in a calendar month UTC, or removes it with --none; --lifetime for a key's whole life.",
    options: {
      scope: required("organization|workspace|key"),
      id: required("ID"),
      euros: optional("N"),
      none: optional(""),
      lifetime: optional(""),
      alerts: optional("50,80,100"),
    },
    run: async (ctx, options) => {
      await set(ctx, options);
      const { scope, id, lifetime } = options;
      const period = lifetime === undefined ? "month" : "lifetime";
      const euros = options.none === undefined ? decimalString(limitOf(options).limit ?? 0n) : null;
      return {
        result: { scope, id, period, limit: euros },
        lines: [`${id}: ${euros === null ? "no limit" : `a limit of ${euros} euros`} ${periodWords[period]}`],
      };
    },
  },
  {
    name: "limit show",
    about: "Shows every spend limit of an organization and how it stands.",
    options: { organization: required("ID") },
    run: async (ctx, options) => {
      const limits = await limitsOf(inOrganization(ctx, idOf("organization", options.organization)));
      const lines = limits.map(line);
      return { result: limits.map(shown), lines: lines.length > 0 ? lines : ["No limits are set."] };
    },
  },
];
