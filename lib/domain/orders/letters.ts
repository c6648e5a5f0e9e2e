import type { Id } from "#db/id.ts";
import { dayOf } from "#lib/core/clock.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { describe, valueWords } from "#lib/domain/contract/keys/rules.ts";
import type { Terms } from "./rules.ts";

type Addressee = { email: string; name: string };
type Ordered = {
  organizationId: Id<"organization">;
  number: string;
  startsAt: Date;
  endsAt: Date | null;
  terms: Terms;
};

/** T-3-PO: an order was approved, and what it says. */
export const orderActiveLetter = (
  to: Addressee,
  { organizationId, number, startsAt, endsAt, terms }: Ordered,
): Letter =>
  compose({
    kind: "orders.active",
    to,
    subject: `Purchase order ${number} is approved`,
    before: [
      `Your purchase order ${number} holds from ${dayOf(startsAt)} (UTC)${endsAt ? ` until just before ${dayOf(endsAt)} (UTC)` : ", without an end"}. What it says goes before our terms of service.`,
      ...Object.entries(terms).map(([key, value]) => `${describe(key)?.words ?? key}: ${valueWords(key, value)}.`),
    ],
    link: { label: "See your orders", path: "/" },
    organizationId,
    clause: "T-3-PO",
  });

/** An order that held does not any more. */
export const orderWithdrawnLetter = (
  to: Addressee,
  { organizationId, number, reason }: Pick<Ordered, "organizationId" | "number"> & { reason: string },
): Letter =>
  compose({
    kind: "orders.withdrawn",
    to,
    subject: `Purchase order ${number} is withdrawn`,
    before: [`Purchase order ${number} does not hold any more, from the next request on.`, `The reason: ${reason}`],
    organizationId,
    clause: "T-2-PREC",
  });
