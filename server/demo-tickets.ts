import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Helped, Step } from "#db/seed/world.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { inOrganization, inWorkspace } from "#lib/core/context.ts";
import { createAgent } from "#lib/domain/agents/commands.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { openTicket, replyToTicket } from "#lib/domain/help/commands.ts";
import { answerTicket, closeTickets, noteTicket, snoozeTicket } from "#lib/domain/help/desk/commands.ts";
import { openInput } from "#lib/domain/help/input.ts";
import { saveMacro } from "#lib/domain/help/macros/commands.ts";
import { receiveMail } from "#lib/domain/help/mail/commands.ts";
import { rateTicket } from "#lib/domain/help/ratings/commands.ts";
import { runDeletions } from "#lib/domain/retention/deletions/commands.ts";
import { memberAt, staffAt } from "./demo-people.ts";
import { systemContext } from "./system-context.ts";

const admin = ["member", "organization_admin"];
const plain = ["member"];

type Asked = { by: Id<"user">; roles: readonly string[]; at: Date; kind: string; subject: string; body: string };

/** Tickets in every state, made by the commands that make them for real. */
export const ticketsOf =
  (tx: Db, now: Date) =>
  (helped: Helped): Step[] =>
    new Tickets(tx, now, helped).steps();

class Tickets {
  readonly #tx: Db;
  readonly #now: Date;
  readonly #helped: Helped;
  readonly #ids = new Map<string, Id<"ticket">>();

  constructor(tx: Db, now: Date, helped: Helped) {
    this.#tx = tx;
    this.#now = now;
    this.#helped = helped;
  }

  steps(): Step[] {
    return [...this.#solved(), ...this.#unsolved(), ...this.#today(), this.#mail()];
  }

  #ago = (days: number, minutes = 0): Date => addMinutes(addDays(this.#now, -days), minutes);

  #solved(): Step[] {
    const { dev, member } = this.#helped;
    return [
      this.#step(this.#ago(60), async (at) => this.#macros(at)),
      this.#open("seats", {
        by: member,
        roles: plain,
        at: this.#ago(40),
        kind: "question",
        subject: "How many people can join?",
        body: "We are five now. Is there a **limit** on the paid plan?",
      }),
      this.#answer("seats", this.#ago(40, 95), "As many as you like: the paid plan has no limit.", "resolved"),
      this.#step(this.#ago(24), (at) => closeTickets(systemContext("demo", { on: this.#tx, at }))),
      this.#open("stream", {
        by: dev,
        roles: plain,
        at: this.#ago(8),
        kind: "fault",
        subject: "Streams end without usage",
        body: "Since this morning the last chunk has no `usage`.\n\n1. We send `stream: true`\n2. The stream ends with `[DONE]`",
      }),
      this.#answer(
        "stream",
        this.#ago(8, 130),
        "Thank you. Usage comes with `stream_options`; our guide now says so.",
        "resolved",
      ),
      this.#step(this.#ago(7), async (at) => {
        const ctx = await this.#member(dev, at, plain);
        await rateTicket(ctx, { ticketId: this.#id("stream"), verdict: "good", words: "Quick and clear." });
      }),
    ];
  }

  #unsolved(): Step[] {
    const { owner } = this.#helped;
    return [
      this.#step(this.#ago(5), async (at) => {
        const content = { ...emptyContent("tiny-chat-1"), instructions: "You greet our customers by name." };
        const ctx = await this.#member(owner, at, admin);
        await createAgent(ctx, { name: "Greeter", content, source: "agent_builder_v1", publish: null });
      }),
      this.#open("agent", {
        by: owner,
        roles: admin,
        at: this.#ago(4),
        kind: "delete_agent",
        subject: "Please delete our test agent early",
        body: "It has names of customers in its instructions.",
        target: "Greeter",
      } as Asked),
      this.#step(this.#ago(4, 5), async (at) => void (await runDeletions(systemContext("demo", { on: this.#tx, at })))),
      this.#open("person", {
        by: owner,
        roles: admin,
        at: this.#ago(3),
        kind: "delete_data",
        subject: "Please delete what a former colleague asked",
        body: "She left in spring and asked us to see to it.",
        about: "person",
        target: "Conversations of Grace Bell",
      } as Asked),
      this.#open("latency", {
        by: owner,
        roles: admin,
        at: this.#ago(3),
        kind: "fault",
        subject: "Slow first tokens at noon",
        body: "Between 12:00 and 12:30 the first token takes three seconds.",
      }),
      this.#step(this.#ago(3, 20), async (at) => {
        await noteTicket(await this.#staff(at), {
          ticketId: this.#id("latency"),
          body: "Same hour as the batch of another customer.",
        });
      }),
      this.#answer("latency", this.#ago(3, 60), "Can you send us one request id from that half hour?", "waiting"),
      this.#open("invoice", {
        by: owner,
        roles: admin,
        at: this.#ago(2),
        kind: "question",
        subject: "Purchase order on invoices",
        body: "Can our order number be on every invoice?",
      }),
      this.#step(this.#ago(2, 30), async (at) => {
        await snoozeTicket(await this.#staff(at), { ticketId: this.#id("invoice"), until: addDays(this.#now, 2) });
      }),
    ];
  }

  #today(): Step[] {
    const { dev } = this.#helped;
    return [
      this.#open("models", {
        by: dev,
        roles: plain,
        at: this.#ago(1),
        kind: "question",
        subject: "Which model for short answers?",
        body: "We answer in one sentence. Which model is cheapest for that?",
      }),
      this.#answer("models", this.#ago(1, 45), "`tiny-chat-1`, with `max_tokens` at 60.", "waiting"),
      this.#step(this.#ago(0, -40), async (at) => {
        const ctx = await this.#member(dev, at, plain);
        await replyToTicket(ctx, { ticketId: this.#id("models"), body: "And for lists of ten?", files: [] });
      }),
    ];
  }

  #step = (at: Date, run: (at: Date) => Promise<void>): Step => ({ at, run: () => run(at) });

  #id(name: string): Id<"ticket"> {
    const id = this.#ids.get(name);
    if (!id) throw new Error(`The demo's ticket ${name} is not open yet.`);
    return id;
  }

  #open = (name: string, { by, roles, at, ...given }: Asked): Step =>
    this.#step(at, async () => {
      const ctx = await this.#member(by, at, roles);
      this.#ids.set(name, (await openTicket(ctx, openInput.parse(given))).id);
    });

  #answer = (name: string, at: Date, body: string, state: "waiting" | "resolved"): Step =>
    this.#step(at, async () =>
      answerTicket(await this.#staff(at), { ticketId: this.#id(name), body, files: [], state }),
    );

  async #macros(at: Date): Promise<void> {
    const ctx = await this.#staff(at);
    const note = "";
    await saveMacro(ctx, {
      name: "Ask for a request id",
      body: "Hello {{name}},\n\ncan you send us the request id? It is the header `x-request-id` of the answer.\n\n{{staff}}",
      note,
      state: "waiting",
    });
    await saveMacro(ctx, {
      name: "Thanks, solved",
      body: "Hello {{name}},\n\ngood to hear that {{number}} is solved. Write again if it is not.\n\n{{staff}}",
      note,
      state: "resolved",
    });
  }

  /** A letter that names no ticket waits for staff. */
  #mail = (): Step =>
    this.#step(this.#ago(0, -55), async (at) => {
      await receiveMail(systemContext("demo", { on: this.#tx, at }), {
        messageId: `<demo-${at.getTime()}@lindenhof.example>`,
        sender: "j.lindqvist@lindenhof.example",
        addresses: ["help@example.com"],
        subject: "Your answer of last week",
        text: "Hello,\n\nI lost the page of our ticket. Could you tell me its number again?\n\nJohan",
        headers: new Map(),
        files: [],
      });
    });

  async #member(id: Id<"user">, at: Date, roles: readonly string[]) {
    const { organizationId, workspaceId } = this.#helped;
    return inWorkspace(inOrganization(await memberAt(this.#tx, id, at, roles), organizationId), workspaceId);
  }

  #staff = (at: Date) => staffAt(this.#tx, this.#helped.staff, at, ["support", "trust"]);
}
