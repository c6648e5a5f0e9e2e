import type { Role } from "./accounts.ts";
import { visit } from "./fixtures.ts";
import { firstOf, type Sight } from "./sight.ts";

/** A letter of the demo's customer's, as the outbox of staff lists it: it opens with a reason only. */
const customersLetter: Sight["at"] = firstOf(() => "/staff/notices?recipient=late@example.com");

/** The first of a customer's things on a list of the staff, once a reason is given. */
const underLook =
  (list: string): Sight["at"] =>
  async (page) => {
    const address = await firstOf(() => list)(page);
    await visit(page, address);
    const words = page.getByLabel("What you look for");
    if (!(await words.isVisible())) return address;
    await page.getByLabel("Reason").selectOption("billing");
    await words.fill("To see what this page looks like.");
    await page.getByRole("button", { name: /^Look for/ }).click();
    await words.waitFor({ state: "detached" });
    return address;
  };

const books =
  (show: string): Sight["at"] =>
  async (page) =>
    `${await underLook("/staff/billing/accounts")(page)}?show=${show}`;

/** Desks that the people who answer tickets have, and those of money do not. */
const limitedDesks = [
  "notices",
  "agents",
  "upstreams",
  "zero-retention",
  "suspensions",
  "contracts",
  "reports",
  "deletions",
  "holds",
  "abuse",
  "jobs",
  "mail",
  "status",
  "terms",
  "models",
];

const desk = (role: Role, name: string, state?: string): Sight => {
  const route = `/staff/${name}`;
  return { route, ...(state && { state }), role, at: () => route };
};

/** The desks of the staff, before and after a reason. */
export const deskSights: readonly Sight[] = [
  { route: "/staff/notices", state: "undelivered", role: "support", at: () => "/staff/notices?show=undelivered" },
  { route: "/staff/notices/[letter]", state: "before a reason", role: "support", at: customersLetter },
  {
    route: "/staff/orders/[organization]/[order]",
    state: "that is not there",
    role: "ledger",
    at: () => "/staff/orders/none/none",
    status: 404,
  },
  ...["rates", "orders", "prices", "thresholds"].map((name) => desk("ledger", name)),
  ...["", "/disputes", "/accounts", "/dunning", "/differences", "/cycles"].map((part) =>
    desk("ledger", `billing${part}`),
  ),
  ...limitedDesks.flatMap((name) => [desk("support", name), desk("ledger", name, "without that desk")]),
  desk("support", "billing", "without that desk"),
  {
    route: "/staff/billing/disputes/[organization]/[dispute]",
    role: "ledger",
    at: underLook("/staff/billing/disputes"),
  },
  {
    route: "/staff/billing/accounts/[organization]",
    state: "before a reason",
    role: "ledger",
    at: firstOf(() => "/staff/billing/accounts?sort=created"),
  },
  { route: "/staff/billing/accounts/[organization]", role: "ledger", at: underLook("/staff/billing/accounts") },
  { route: "/staff/billing/accounts/[organization]", state: "documents", role: "ledger", at: books("documents") },
  { route: "/staff/billing/accounts/[organization]", state: "payments", role: "ledger", at: books("payments") },
  { route: "/staff/billing/accounts/[organization]", state: "credit", role: "ledger", at: books("credit") },
  desk("ledger", "deadlines"),
  { route: "/staff/deadlines", state: "nothing found", role: "support", at: () => "/staff/deadlines?q=nobody-at-all" },
  { route: "/staff/zero-retention/[request]", role: "support", at: underLook("/staff/zero-retention") },
  { route: "/staff/terms/[id]", role: "support", at: firstOf(() => "/staff/terms") },
  { route: "/staff/abuse/rules", role: "support", at: () => "/staff/abuse/rules" },
  { route: "/staff/abuse/[item]", state: "before a reason", role: "support", at: firstOf(() => "/staff/abuse") },
  { route: "/staff/abuse/[item]", role: "support", at: underLook("/staff/abuse") },
  { route: "/staff/mail/[mail]", role: "support", at: firstOf(() => "/staff/mail") },
  { route: "/staff/customers", role: "ledger", at: () => "/staff/customers" },
  { route: "/staff/customers", state: "nothing found", role: "support", at: () => "/staff/customers?q=nobody-at-all" },
  {
    route: "/staff/customers/[organization]",
    state: "before a reason",
    role: "support",
    at: firstOf(() => "/staff/customers?sort=-since"),
  },
  { route: "/staff/customers/[organization]", role: "support", at: underLook("/staff/customers") },
];
