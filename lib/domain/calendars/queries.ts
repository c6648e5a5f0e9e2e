import { eq } from "drizzle-orm";
import { calendars } from "#db/schema/account.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { MyCalendar } from "./view.ts";

/** Whether this person has given out an address; the address itself is nowhere to be read. */
export async function myCalendar(ctx: AccountContext): Promise<MyCalendar | null> {
  authorize(ctx.actor, "account.manage");
  const [found] = await ctx.db
    .select({ createdAt: calendars.createdAt, readAt: calendars.readAt })
    .from(calendars)
    .where(eq(calendars.userId, personOf(ctx.actor).id));
  return found ?? null;
}
