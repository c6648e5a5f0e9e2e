import { and, eq, lt } from "drizzle-orm";
import { generateSecret, generateURI } from "otplib";
import { type Id, newId } from "#db/id.ts";
import { authenticators } from "#db/schema/factors.ts";
import { personOf } from "#lib/core/access/person.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { open, seal } from "#lib/core/secrets.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { noteFactor, refuseTooMany } from "#lib/domain/account/factors/commands.ts";
import { addAuthenticatorInput } from "./input.ts";
import { enrolmentMinutes, stepOfCode } from "./rules.ts";

export type Enrolment = {
  /** To type where there is no camera. */
  secret: string;
  /** What the picture says to the app. */
  uri: string;
  /** The same, sealed for its owner: nothing is kept until a code has shown that the app has it. */
  enrolmentToken: string;
};

type Sealed = { secret: string; userId: string; until: string };

export const startAuthenticator = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<Enrolment> => {
    const { id: userId, email } = personOf(ctx.actor);
    const secret = generateSecret();
    const until = addMinutes(ctx.now, enrolmentMinutes).toISOString();
    const sealed = seal(Buffer.from(JSON.stringify({ secret, userId, until } satisfies Sealed)), "enrolment");
    const uri = generateURI({ issuer: env().PROVIDER_NAME, label: email, secret });
    return { secret, uri, enrolmentToken: sealed.toString("base64url") };
  },
});

/** Adds an app once it shows a right code; with a person's first second factor come their recovery codes. */
export const addAuthenticator = command({
  can: "account.manage",
  within: "account",
  input: addAuthenticatorInput,
  run: async (ctx, input): Promise<string[] | null> => {
    const { id: userId } = personOf(ctx.actor);
    await spendAttempt(ctx, "enrolment:account", userId);
    const secret = opened(input.enrolmentToken, userId, ctx.now);
    const step = stepOfCode(secret, input.code, ctx.now, 0);
    if (step === null) throw new AppError("invalid", "Check the marked fields.", { fields: { code: [wrongCode] } });
    return transaction(ctx, async (ctx) => {
      await refuseTooMany(ctx);
      const id = newId("authenticator", ctx.now);
      const kept = { id, userId, name: input.name, secret: seal(Buffer.from(secret), labelOf(id)), lastStep: step };
      await ctx.db.insert(authenticators).values({ ...kept, createdAt: ctx.now });
      return noteFactor(ctx, { id, kind: "app", name: input.name });
    });
  },
});

const wrongCode =
  "This code is wrong or has passed. Enter the one the app shows now; the clock of its device must be right.";

function opened(enrolmentToken: string, userId: string, now: Date): string {
  try {
    const sealed = open(Buffer.from(enrolmentToken, "base64url"), "enrolment");
    const { secret, userId: whose, until } = JSON.parse(sealed.toString()) as Sealed;
    if (whose === userId && new Date(until) > now) return secret;
  } catch {
    // Changed on the way, or sealed by another installation: the same to the person who sent it.
  }
  throw new AppError("invalid", "This took too long. Close this and start again.");
}

/** Whether this is a code of one of the person's apps that was not used yet; it is used up then. */
export const takeAppCode = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, code: string): Promise<boolean> => {
    const apps = await ctx.db.select().from(authenticators).where(eq(authenticators.userId, userId));
    for (const { id, secret, lastStep } of apps) {
      const step = stepOfCode(open(secret, labelOf(id)).toString(), code, ctx.now, lastStep);
      if (step === null) continue;
      const taken = await ctx.db
        .update(authenticators)
        .set({ lastStep: step, usedAt: ctx.now })
        // Of two browsers that send the same code at the same instant, one gets in.
        .where(and(eq(authenticators.id, id), lt(authenticators.lastStep, step)))
        .returning({ id: authenticators.id });
      if (taken.length > 0) return true;
    }
    return false;
  },
});

const labelOf = (id: Id<"authenticator">): string => `authenticator:${id}`;
