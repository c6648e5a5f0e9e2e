import type { Id } from "#db/id.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { collect, lookUpPayments } from "#lib/domain/payments/attempts/commands.ts";
import type { Act, Town } from "./town.ts";

type Open = { organizationId: Id<"organization">; id: Id<"invoice"> };

export const openInvoice = async (town: Town) =>
  town.chance.one(
    await town.sql<Open[]>`select organization_id as "organizationId", id from invoices where state = 'open'`,
  );

export const collectOne: Act = async (town) => {
  const invoice = await openInvoice(town);
  if (invoice) await collect(town.within(town.system(true), invoice.organizationId), invoice.id);
};

const create = "POST /v1/payment_intents";
const broken = [create, create, "GET /v1/payment_intents", "POST /v1/refunds"];
const manners = ["drop_before", "drop_after", "overload", "error_before", "error_after"] as const;

/** The line to the provider fails: what was asked is lost, or its answer is. */
export const breakLine: Act = async (town) => {
  const kind = town.chance.one(manners) ?? "drop_after";
  // The library repeats a broken connection once.
  town.standIn.faults.plan({ on: town.chance.one(broken) ?? "", kind, times: kind.startsWith("drop") ? 2 : 1 });
  town.count(kind.replace("_", " "));
};

/** A request that never arrived, and several processes that find out at once: the key is what makes it one payment. */
export const lookTogether: Act = async (town) => {
  town.standIn.faults.plan({ on: create, kind: "drop_before", times: 2 });
  town.count("drop before");
  await collectOne(town, 0);
  town.standIn.books.advance(90_000);
  await Promise.all([1, 2, 3].map(() => lookUpPayments(town.system())));
};

/** The next charge is lost: it never arrives, or its answer and what is asked about it do not. */
function loseCharge({ standIn: { faults }, chance }: Town): void {
  faults.clear();
  if (chance.is(0.3)) faults.plan({ on: create, kind: "drop_before", times: 2 });
  else {
    // The library repeats it and is told that it was done; asking what became of it fails then.
    faults.plan({ on: create, kind: "drop_after" });
    faults.plan({ on: "GET /v1/payment_intents", kind: "drop_before", times: 2 });
  }
}

/**
 * A month ends while no one knows whether its advances were paid. Nothing else happens in between, which might find out.
 */
export const closeUnknown: Act = (town) =>
  town.alone(async () => {
    await issueAdvances(town.system());
    const advances = await town.sql<Open[]>`
      select organization_id as "organizationId", id from invoices where state = 'open' and kind = 'advance'`;
    for (const { organizationId, id } of advances) {
      loseCharge(town);
      town.count("charge lost");
      await collect(town.within(town.system(), organizationId), id);
    }
    const at = town.now;
    town.standIn.books.advance(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1, 2) - at.getTime());
    await closeMonths(town.system());
  });
