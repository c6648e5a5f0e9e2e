import type { AccountContext } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { terminationOf } from "#lib/domain/agreements/queries.ts";
import { endForCause } from "#lib/domain/ending/cause/commands.ts";
import { causeInput } from "#lib/domain/ending/input.ts";
import { endingPage } from "#lib/domain/ending/queries.ts";
import { type Command, idOf, type Options, type Outcome, optional, parse, required } from "./command.ts";

async function show(ctx: AccountContext, { organization }: Options): Promise<Outcome> {
  const inside = inOrganization(ctx, idOf("organization", organization));
  const { agreement, termination, steps, kept } = await endingPage(inside);
  if (!agreement) return { result: { agreement }, lines: ["No agreement has begun."] };
  const { number, startsAt, endedAt } = agreement;
  return {
    result: { agreement, termination, steps, kept },
    lines: [
      `agreement no. ${number}  since ${startsAt.toISOString()}  ${endedAt ? `ended ${endedAt.toISOString()}` : "running"}`,
      ...(termination
        ? [`${termination.kind}  ends ${termination.endsAt.toISOString()}  ${termination.words ?? ""}`]
        : []),
      ...(termination
        ? steps.map(({ at, what, count }) => `${at.toISOString()}  ${what}${count === null ? "" : `  ${count}`}`)
        : []),
    ],
  };
}

async function end(ctx: AccountContext, options: Options): Promise<Outcome> {
  const inside = inOrganization(ctx, idOf("organization", options.organization));
  const { by = "provider", reason: words, at } = options;
  const { endsAt } = await endForCause(inside, parse(causeInput, { by, words, ...(at && { at }) }));
  const termination = await terminationOf(inside);
  return { result: { id: termination?.id, endsAt }, lines: [`ends ${endsAt.toISOString()}`] };
}

export const contractCommands: readonly Command[] = [
  {
    name: "contract show",
    about: "Shows the agreement of an organization, what ends it, and what happens when.",
    options: { organization: required("ID") },
    run: show,
  },
  {
    name: "contract end",
    about: "Ends an agreement for cause, at once or at an instant; the customer reads the reason (T-6-OTHER).",
    options: {
      organization: required("ID"),
      reason: required("TEXT"),
      by: optional("provider|customer"),
      at: optional("INSTANT"),
    },
    run: end,
  },
];
