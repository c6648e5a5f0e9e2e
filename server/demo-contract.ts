import { readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { seedDemo } from "#db/seed/demo.ts";
import { seedStaff } from "#db/seed/people.ts";
import type { World } from "#db/seed/world.ts";
import type { StaffRole } from "#lib/core/access/staff-roles.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { approveOrder, draftOrder } from "#lib/domain/orders/commands.ts";
import { draftInput as orderDraft } from "#lib/domain/orders/input.ts";
import { announcePublication, approvePublication, draftVersion } from "#lib/domain/publications/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { planMaintenance } from "#lib/domain/status/commands.ts";
import { staffAt } from "./demo-people.ts";

/** The demo with a contract that moves: changed terms are announced, an order has prices of its own, and work is planned. */
export async function seedContract(world: World): Promise<void> {
  const organizationId = (await payingCustomer(world)) ?? (await seedDemo(world)).organizationId;
  const roles: StaffRole[] = ["legal", "billing", "support"];
  const people = await Promise.all([
    seedStaff(world, "counsel@example.com", "Imke Vos", roles),
    seedStaff(world, "contracts@example.com", "Léon Petit", roles),
    seedStaff(world, "tariffs@example.com", "Hana Novak", roles),
  ]);
  const [first, second, third] = await Promise.all(people.map((id) => staffAt(world.db, id, world.now, roles)));
  if (!first || !second || !third) throw new Error("The demo has three people for its contract.");
  await order([first, second, third], organizationId);
  await announceTerms(first, second);
  const startsAt = addDays(world.now, 6);
  await planMaintenance(first, {
    title: "A newer database",
    words: "For some minutes requests may be refused with 503, and can be sent again.",
    components: ["api", "console"],
    ...{ startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000) },
  });
}

/** The demo's own, where the world is there already. */
async function payingCustomer({ db }: World): Promise<Id<"organization"> | undefined> {
  const [found] = await db.execute<{ id: Id<"organization"> }>(sql`select organization_id as id from members
    join users on users.id = members.user_id where users.email = 'owner@example.com' limit 1`);
  return found?.id;
}

/** T-3-PO: one writes it down, and two who did not approve it. */
async function order(people: readonly AccountContext[], organizationId: Id<"organization">): Promise<void> {
  const look = { organizationId, reason: "request" as const, words: "They sent a signed order." };
  for (const person of people) await openLook(person, look);
  const [author, ...others] = people;
  if (!author) return;
  const { now } = author;
  const written = {
    ...{ organizationId, number: "PO-2026-118", terms: "discount = 12.5\ndays.net = 45" },
    ...{ signedAt: dayOf(addDays(now, -2)), startsAt: dayOf(now), endsAt: dayOf(addDays(now, 180)) },
  };
  const id = await draftOrder(author, orderDraft.parse(written));
  for (const person of others) await approveOrder(person, { organizationId, id });
}

/** T-7-SUB: the next version of our terms, with one paragraph more, holds in six weeks. */
async function announceTerms(author: AccountContext, second: AccountContext): Promise<void> {
  const file = path.resolve("lib/domain/terms/documents/terms.md");
  const text = await readFile(file, "utf8");
  const next = text.replace(/^version: (\d+)$/m, (_, version) => `version: ${Number(version) + 1}`);
  const more = "Reports of availability are published for each month on the status page.";
  await draftVersion(author, { kind: "terms", text: next.replace("\n## 11.", `\n${more}\n\n## 11.`) });
  const [draft] = await author.db.execute<{ id: Id<"publication"> }>(
    sql`select id from publications where kind = 'terms' and state = 'draft' order by id desc limit 1`,
  );
  if (!draft) throw new Error("The demo's terms have a draft.");
  const summary = "The status page reports the availability of each month.";
  const plannedAt = addDays(author.now, 42);
  await approvePublication(author, { id: draft.id, change: "substantial", summary, plannedAt });
  await announcePublication(second, { id: draft.id });
}
