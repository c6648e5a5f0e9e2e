import type { Db } from "#db/client.ts";
import type { Helped, Step } from "#db/seed/world.ts";
import { addDays, addMinutes, dayOf } from "#lib/core/clock.ts";
import { type AccountContext, inOrganization, inWorkspace, transaction } from "#lib/core/context.ts";
import { beginItem, decideItem } from "#lib/domain/abuse/desk/commands.ts";
import { decideItemInput } from "#lib/domain/abuse/desk/input.ts";
import { proposeRule } from "#lib/domain/abuse/expressions/commands.ts";
import { raiseFlags } from "#lib/domain/abuse/flags/commands.ts";
import { openTicket } from "#lib/domain/help/commands.ts";
import { openInput } from "#lib/domain/help/input.ts";
import { requestFilter } from "#lib/domain/request-log/input.ts";
import { requestsOf } from "#lib/domain/request-log/queries.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { memberAt, staffAt } from "./demo-people.ts";
import { systemContext } from "./system-context.ts";

const namedRequests = 3;

/** Signs of abuse, made by the commands that make them for real: one that was dismissed, one that is open, and a rule that waits. */
export const abuseOf =
  (tx: Db, now: Date) =>
  (helped: Helped): Step[] => {
    const ago = (days: number, minutes = 0): Date => addMinutes(addDays(now, -days), minutes);
    const step = (at: Date, run: (at: Date) => Promise<void>): Step => ({ at, run: () => run(at) });
    return [
      step(ago(12), (at) => unusualDay(tx, helped, at)),
      step(ago(6), async (at) => {
        const draft = {
          name: "Keyloggers",
          category: "malware",
          expression: "(write|build) (me )?a key ?logger",
        } as const;
        await proposeRule(await staff(tx, helped, at), draft);
      }),
      step(ago(2), (at) => report(tx, helped, at)),
    ];
  };

const staff = (tx: Db, helped: Helped, at: Date): Promise<AccountContext> =>
  staffAt(tx, helped.staff, at, ["support", "trust"]);

/** A day with more requests than usual, which turned out to be a launch. */
async function unusualDay(tx: Db, helped: Helped, at: Date): Promise<void> {
  const { organizationId, workspaceId } = helped;
  const day = dayOf(addDays(at, -1));
  const sign = {
    source: "figures" as const,
    category: "other" as const,
    workspaceId,
    measure: "requests" as const,
    day,
  };
  const system = inOrganization(systemContext("demo", { on: tx, at }), organizationId);
  const [id] = await transaction(system, (ctx) => raiseFlags(ctx, [{ ...sign, value: 4210, usual: 655 }]));
  const desk = await staff(tx, helped, addMinutes(at, 40));
  await openLook(desk, { organizationId, reason: "abuse", words: "Six times as many requests as on other days." });
  const decided = { organizationId, id, outcome: "dismissed", clause: "T-4.2.2-ABUSE" };
  await decideItem(desk, decideItemInput.parse(decided));
}

/** The customer itself reports that a key of theirs was found by someone. */
async function report(tx: Db, helped: Helped, at: Date): Promise<void> {
  const { organizationId, workspaceId } = helped;
  const person = await memberAt(tx, helped.dev, at, ["member", "dev"]);
  const member = inWorkspace(inOrganization(person, organizationId), workspaceId);
  const ticket = await openTicket(
    member,
    openInput.parse({
      kind: "abuse",
      subject: "Somebody has a key of ours",
      reported: "Whoever found our key",
      body: "A key of ours was in a public repository for an hour. We revoked it; some of the requests are not ours.",
    }),
  );
  const desk = await staff(tx, helped, addMinutes(at, 50));
  await openLook(desk, { organizationId, reason: "abuse", words: "Their report of a key that somebody found." });
  const { requests } = await requestsOf(member, requestFilter.parse({ to: dayOf(addDays(at, -1)) }));
  const requestIds = requests.slice(0, namedRequests).map(({ id }) => id);
  await beginItem(desk, { organizationId, ticket: Number(ticket.number.slice(2)), category: "spam", requestIds });
}
