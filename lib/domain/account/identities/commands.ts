import { and, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { identities, users } from "#db/schema/account.ts";
import { linking, type Profile } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { identityLinkedLetter } from "#lib/domain/account/letters.ts";
import { proveAddress } from "#lib/domain/account/proof/commands.ts";
import { provenEmail } from "./rules.ts";

/**
 * Whose sign-in at the provider this is: by what the issuer cannot change once they are linked,
 * the first time by the address, if the issuer has confirmed it.
 */
export const userOfIdentity = command({
  can: "account.open",
  within: "account",
  run: async (ctx, profile: Profile, provider: string): Promise<Id<"user">> => {
    return transaction(ctx, async (ctx) => (await linkedUser(ctx, profile)) ?? (await link(ctx, profile, provider)));
  },
});

async function link(ctx: AccountContext, profile: Profile, provider: string): Promise<Id<"user">> {
  const email = provenEmail(profile);
  const account = email === null ? undefined : await accountOf(ctx, email);
  const outcome = linking({ ...profile, email }, account);
  if (email === null || outcome === "refuse") {
    throw new AppError("forbidden", "The provider did not confirm your e-mail address.", {
      code: "unconfirmed_identity",
    });
  }
  const userId = account?.id ?? (await create(ctx, email, profile.name));
  if (outcome === "take-over") await proveAddress(ctx, userId, { passwordHash: null });
  if (outcome === "link" && account) await post(ctx, identityLinkedLetter(account, provider));
  const { issuer, subject } = profile;
  await ctx.db.insert(identities).values({ issuer, subject, userId, createdAt: ctx.now });
  return userId;
}

async function linkedUser(ctx: AccountContext, { issuer, subject }: Profile): Promise<Id<"user"> | undefined> {
  const named = and(eq(identities.issuer, issuer), eq(identities.subject, subject));
  const [identity] = await ctx.db.select({ userId: identities.userId }).from(identities).where(named);
  return identity?.userId;
}

type Account = { id: Id<"user">; name: string; email: string; confirmed: boolean };

async function accountOf(ctx: AccountContext, email: string): Promise<Account | undefined> {
  const [user] = await ctx.db
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email));
  return user && { id: user.id, name: user.name, email: user.email, confirmed: user.emailVerifiedAt !== null };
}

async function create(ctx: AccountContext, email: string, given: string | null): Promise<Id<"user">> {
  const id = newId("user", ctx.now);
  const name =
    given
      ?.replace(/\p{Cc}+/gu, " ")
      .trim()
      .slice(0, 100) ||
    (email.split("@")[0] ?? email);
  await ctx.db.insert(users).values({ id, email, name, emailVerifiedAt: ctx.now, createdAt: ctx.now });
  return id;
}
