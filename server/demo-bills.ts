import { sql } from "drizzle-orm";
import { type Db, db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Billed, Step } from "#db/seed/world.ts";
import { addDays, addMinutes, monthOf, startOfDay } from "#lib/core/clock.ts";
import { type AccountContext, inOrganization } from "#lib/core/context.ts";
import { saveProfile } from "#lib/domain/billing/accounts/commands.ts";
import type { ProfileInput } from "#lib/domain/billing/accounts/input.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { decideDispute, openDispute, writeMessage } from "#lib/domain/billing/disputes/commands.ts";
import { render } from "#lib/domain/billing/documents/commands.ts";
import { refreshStandings } from "#lib/domain/billing/dunning/commands.ts";
import { dunningDays } from "#lib/domain/billing/dunning/rules.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { dun } from "#lib/domain/payments/dunning/commands.ts";
import { beginSetup, completePage } from "#lib/domain/payments/pages/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { providerFor } from "#lib/engine/payments/providers.ts";
import { sandboxMethodInput } from "#lib/engine/payments/sandbox/cards.ts";
import { enterSandboxMethod } from "#lib/engine/payments/sandbox/pages.ts";
import { memberAt, staffAt } from "./demo-people.ts";
import { systemContext } from "./system-context.ts";

type Customer = Billed["paying"];

const profile = (name: string, line1: string, postalCode: string, city: string): ProfileInput => ({
  type: "business",
  name,
  line1,
  line2: null,
  postalCode,
  city,
  country: "FR",
  vatId: null,
  poNumber: null,
  emails: [],
});

const goodCard = "4242424242424242";
const decliningCard = "4000000000000341";

/** The first day of the month so many before an instant's. */
const monthBefore = (now: Date, months: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));

/**
 * Three months of bills, made by the commands that make them for real, at the moments at which they would have been: paid
 * ones, an advance, disputes, and a customer who does not pay. Nothing where another provider than the sandbox collects.
 */
export const billsOf =
  (tx: Db, now: Date) =>
  (billed: Billed): Step[] =>
    providerFor() === "sandbox" ? new Bills(tx, now, billed).steps() : [];

class Bills {
  readonly #tx: Db;
  readonly #now: Date;
  readonly #billed: Billed;

  constructor(tx: Db, now: Date, billed: Billed) {
    this.#tx = tx;
    this.#now = now;
    this.#billed = billed;
  }

  steps(): Step[] {
    const { paying, late } = this.#billed;
    const begun = addDays(this.#now, -90);
    const months = [3, 2, 1].map((ago) => monthBefore(this.#now, ago));
    const [first = begun, second = begun] = months;
    const lindenhof = profile("Lindenhof Labs SAS", "12 rue des Forges", "35000", "Rennes");
    const kestrel = profile("Kestrel Freight SARL", "4 quai du Port", "13002", "Marseille");
    return [
      ...this.#entered(late, addDays(first, 2), kestrel, goodCard),
      ...this.#entered(paying, begun, lindenhof, goodCard),
      this.#step(addDays(second, 14), () => this.#addCard(late, addDays(second, 14), decliningCard)),
      ...months.flatMap((month) => this.#month(month)),
      ...this.#dunning(months.map((month) => this.#closing(month))),
      ...this.#disputes(),
      this.#step(this.#now, () => this.#settleDown()),
    ].filter(({ at }) => at <= this.#now);
  }

  #step = (at: Date, run: () => Promise<unknown>): Step => ({
    at,
    run: async () => {
      await run();
    },
  });

  #house = (at: Date): AccountContext => systemContext("billing", { on: this.#tx, at });

  #entered = (customer: Customer, at: Date, who: ProfileInput, card: string): Step[] => [
    this.#step(at, async () => saveProfile(await this.#founder(customer, at), who)),
    this.#step(addMinutes(at, 2), () => this.#addCard(customer, addMinutes(at, 2), card)),
  ];

  /** As a person would: on the sandbox's page, and back. */
  async #addCard(customer: Customer, at: Date, number: string): Promise<void> {
    const ctx = await this.#founder(customer, at);
    const ref = new URL(await beginSetup(ctx, { returnTo: "/billing" })).pathname.split("/").at(-1) ?? "";
    await enterSandboxMethod(db(), ref, sandboxMethodInput.parse({ number, expMonth: "12", expYear: "2040" }));
    const [page] = await this.#tx.execute<{ id: Id<"hostedPage"> }>(
      sql`select id from hosted_pages where ref = ${ref}`,
    );
    if (page) await completePage(ctx, page.id);
  }

  #closing = (month: Date): Date => addMinutes(startOfDay(monthOf(addDays(month, 32))), 5);

  /** An advance late in the month where use has met a threshold, and the invoice when the month is over. */
  #month(month: Date): Step[] {
    const [advances, closing] = [addDays(month, 26), this.#closing(month)];
    return [
      this.#step(advances, async () => {
        await issueAdvances(this.#house(advances));
        await this.#sendAndCollect(advances);
      }),
      this.#step(closing, async () => {
        await closeMonths(this.#house(closing));
        await this.#sendAndCollect(addMinutes(closing, 1));
      }),
    ];
  }

  async #sendAndCollect(at: Date): Promise<void> {
    type Row = { organizationId: Customer["organizationId"]; id: Id<"invoice">; state: string };
    const fresh = await this.#tx.execute<Row>(sql`
      select organization_id as "organizationId", id, state from invoices where pdf_sha256 is null order by issued_at, seq`);
    for (const { organizationId, id, state } of fresh) {
      const its = inOrganization(this.#house(at), organizationId);
      await render(its, id);
      if (state === "open") await collect(its, id);
    }
  }

  #dunning = (closings: readonly Date[]): Step[] =>
    closings.flatMap((closing) =>
      dunningDays.map((day) => {
        const at = addMinutes(addDays(closing, day), 2);
        return this.#step(at, async () => {
          await dun(this.#house(at));
          await refreshStandings(this.#house(at));
        });
      }),
    );

  /** One that was partly accepted, one that waits, and credit for the customer's patience. */
  #disputes(): Step[] {
    const { paying } = this.#billed;
    const [before, last] = [this.#closing(monthBefore(this.#now, 2)), this.#closing(monthBefore(this.#now, 1))];
    const [opened, decided] = [addDays(before, 2), addDays(before, 3)];
    const recent = addDays(this.#now, -2) > last ? addDays(this.#now, -2) : addMinutes(this.#now, -1);
    const thanked = addMinutes(decided, 10);
    return [
      this.#step(opened, () =>
        this.#dispute(opened, "Requests of our load test are on this invoice; they were agreed to be free."),
      ),
      this.#step(decided, () => this.#decide(decided)),
      this.#step(thanked, async () => {
        const { organizationId } = paying;
        const gift = { organizationId, amount: 300n, kind: "goodwill" as const, expiresOn: undefined };
        await grantCredit(await this.#staff(thanked), { ...gift, reason: "Thank you for your patience" });
      }),
      this.#step(recent, () => this.#dispute(recent, "The cached tokens of this line look too few for what we sent.")),
    ];
  }

  /** Objects to half of the dearest line of the latest invoice, while that is possible. */
  async #dispute(at: Date, reason: string): Promise<void> {
    const ctx = await this.#founder(this.#billed.paying, at);
    type Row = { invoiceId: Id<"invoice">; line: number; cents: string };
    const [row] = await this.#tx.execute<Row>(sql`
      select document.id as "invoiceId", entry.line, entry.amount_cents::text as cents from invoices as document
      join invoice_lines as entry on entry.organization_id = document.organization_id and entry.invoice_id = document.id
      where document.organization_id = ${ctx.organizationId} and document.kind = 'summary'
        and document.issued_at > ${addDays(at, -30).toISOString()}::timestamptz and entry.amount_cents >= 20
      order by document.issued_at desc, entry.amount_cents desc limit 1`);
    if (!row) return;
    const { invoiceId, line, cents } = row;
    const lines = [{ line, amount: BigInt(cents) / 2n }];
    const disputeId = await openDispute(ctx, { invoiceId, wants: "credit", reason, lines });
    const list = "request_id,why\nreq_load_test,Sent by our load test\n";
    const files = [new File([list], "load test.csv")];
    await writeMessage(ctx, { disputeId, body: "The requests we mean are in the list with this.", files });
  }

  async #decide(at: Date): Promise<void> {
    const { organizationId } = this.#billed.paying;
    type Row = { id: Id<"dispute">; cents: string };
    const [open] = await this.#tx.execute<Row>(sql`
      select dispute.id, sum(entry.amount_cents)::text as cents from disputes as dispute
      join dispute_lines as entry on entry.organization_id = dispute.organization_id and entry.dispute_id = dispute.id
      where dispute.organization_id = ${organizationId} and dispute.state = 'open' group by dispute.id`);
    if (!open) return;
    const staff = await this.#staff(at);
    await openLook(staff, { organizationId, reason: "billing", words: "They dispute lines of their invoice." });
    const half = { outcome: "partly" as const, amount: BigInt(open.cents) / 2n };
    const answer = "Half of these requests came from your load test, and are given back.";
    await decideDispute(staff, { organizationId, disputeId: open.id, ...half, answer });
    await this.#sendAndCollect(at);
  }

  /** What the past has left: letters were read, and the sandbox made its payments when they were made. */
  async #settleDown(): Promise<void> {
    const { paying, late } = this.#billed;
    await this.#tx.execute(sql`
      update letters set opened_at = created_at + interval '2 hours' where kind like 'billing.%' and opened_at is null
        and user_id is not null and organization_id in (${paying.organizationId}, ${late.organizationId})
        and created_at < ${addDays(this.#now, -7).toISOString()}::timestamptz`);
    await this.#tx.execute(sql`
      update sandbox_objects as object set created_at = payment.created_at from payments as payment
      where payment.provider = 'sandbox' and payment.ref = object.id`);
  }

  async #founder({ organizationId, founder }: Customer, at: Date) {
    return inOrganization(await memberAt(this.#tx, founder, at, ["organization_admin"]), organizationId);
  }

  #staff = (at: Date): Promise<AccountContext> => staffAt(this.#tx, this.#billed.staff, at, ["billing"]);
}
