import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Helped, Step } from "#db/seed/world.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type Context, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { agreeToAssistance } from "#lib/domain/assistance/commands.ts";
import { approveAssistance, offerAssistance, unlockAssistance } from "#lib/domain/assistance/desk/commands.ts";
import { grantsOf } from "#lib/domain/assistance/queries.ts";
import { readUnderGrant } from "#lib/domain/assistance/reading/commands.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { openLines, receiveContent } from "#lib/domain/files/contents/commands.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import { openTicket } from "#lib/domain/help/commands.ts";
import { openInput } from "#lib/domain/help/input.ts";
import { memberAt, staffAt } from "./demo-people.ts";

const purpose = "Find the answers in the data set that are not in the tone of the house.";

const sample = (question: string, answer: string): string =>
  `${JSON.stringify({
    messages: [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ],
  })}\n`;

const dataSet = [
  sample("Where is my parcel?", "It left Bremen this morning and reaches you tomorrow before noon."),
  sample(
    "Can I change the address?",
    "Yes, until it is loaded. Send us the new one, and we confirm it within an hour.",
  ),
  sample("Do you ship to Norway?", "nope"),
  sample("What does a pallet to Lyon cost?", "A pallet to Lyon is €184, delivered in two working days."),
  sample("My box is wet.", "We are sorry. Send a photo of it, and we replace what was in it."),
  sample("Who do I call at night?", "idk, try tomorrow"),
];

/** Assistance that an admin asked for and agreed to, with a small file of which staff have read a page. */
export const assistanceOf =
  (tx: Db, now: Date) =>
  (helped: Helped): Step[] => {
    const at = (hours: number): Date => addMinutes(addDays(now, -2), hours * 60);
    const admin = async (moment: Date): Promise<Context> => {
      const { organizationId, workspaceId, owner } = helped;
      const member = await memberAt(tx, owner, moment, ["member", "organization_admin"]);
      return inWorkspace(inOrganization(member, organizationId), workspaceId);
    };
    const step = (moment: Date, run: (ctx: Context) => Promise<unknown>): Step => ({
      at: moment,
      run: async () => void (await run(await admin(moment))),
    });
    const deskOf = (moment: Date) => staffAt(tx, helped.staff, moment, ["support", "trust"]);
    const name = "parcel-answers.jsonl";
    let file: Id<"file">;
    const named = async (ctx: Context) => {
      const [grant] = await grantsOf(ctx);
      if (!grant) throw new Error("The demo's assistance was not asked for.");
      return { organizationId: helped.organizationId, id: grant.id };
    };
    return [
      step(at(0), async (ctx) => {
        const received = await receiveContent(ctx, [Buffer.from(dataSet.join(""))], "fine-tune");
        file = (await keepFile(ctx, keepInput.parse({ file: name }), received)).id;
      }),
      step(at(1), (ctx) =>
        openTicket(
          ctx,
          openInput.parse({
            kind: "assistance",
            subject: "Some answers of our data set are off",
            body: "Can you find out which lines we should mend before we train?",
            dataset: name,
          }),
        ),
      ),
      step(at(3), async (ctx) => {
        const desk = await deskOf(ctx.now);
        await approveAssistance(desk, await named(ctx));
        await offerAssistance(desk, { ...(await named(ctx)), staffIds: [helped.staff], days: 10, purpose });
      }),
      step(at(5), async (ctx) => {
        const { id } = await named(ctx);
        await agreeToAssistance(ctx, { id, fileIds: [file], staffIds: [helped.staff], days: 10 });
      }),
      step(at(6), async (ctx) => {
        const desk = await deskOf(ctx.now);
        await unlockAssistance(desk, { ...(await named(ctx)), purpose });
        await readUnderGrant(desk, { ...(await named(ctx)), fileId: file, from: 0 }, (what, from, count) =>
          openLines(desk, what, from, count),
        );
      }),
    ];
  };
