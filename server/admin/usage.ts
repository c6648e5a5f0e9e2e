import { inOrganization } from "#lib/core/context.ts";
import { decimalString, exactEuros, formatSum } from "#lib/core/money.ts";
import { organizationUsage } from "#lib/domain/usage/queries.ts";
import { type Command, idOf, required } from "./command.ts";

/** The counters first name the whole, then its parts; scripts find every amount in pico-euros as text. */
export const usageCommands: readonly Command[] = [
  {
    name: "usage show",
    about: "Shows an organization's events beside its counters, and what is held for requests under way.",
    options: { organization: required("ID") },
    run: async (ctx, options) => {
      const usage = await organizationUsage(inOrganization(ctx, idOf("organization", options.organization)));
      const { name, plan, events, eventsPico, waivedPico, heldPico, counters, months } = usage;
      const settledPico = months.reduce((sum, month) => sum + month.settledPico, 0n);
      return {
        result: {
          ...usage,
          eventsEuros: decimalString(eventsPico),
          settledPico,
          isExact: settledPico === eventsPico,
          months: months.map((month) => ({ ...month, euros: decimalString(month.settledPico) })),
        },
        lines: [
          `${name} (${plan}): ${events} events, ${exactEuros(eventsPico)}`,
          `counters: ${exactEuros(settledPico)}, ${settledPico === eventsPico ? "the same to the last digit" : "NOT THE SAME"}`,
          `held ${formatSum(heldPico)}, waived ${formatSum(waivedPico)}`,
          ...months.map(({ month, settledPico, tokens }) =>
            [month.slice(0, 7), formatSum(settledPico), `${tokens} tokens`].join("  "),
          ),
          "this month:",
          ...counters.map(({ scope, id, settledPico, heldPico, tokens }) =>
            [scope.padEnd(12), id, formatSum(settledPico), `held ${formatSum(heldPico)}`, `${tokens} tokens`].join(
              "  ",
            ),
          ),
        ],
      };
    },
  },
];
