import { command } from "#lib/core/command.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { verifyInput } from "./input.ts";
import { issuedDocument } from "./queries.ts";
import type { Verified } from "./view.ts";

/** Tells anyone whether a document was issued; so often from one address that numbers are not worth guessing. */
export const verifyDocument = command({
  can: "account.open",
  within: "account",
  input: verifyInput,
  run: async (ctx, { what }): Promise<Verified | null> => {
    await spendAttempt(ctx, "verify:address", addressBlock(ctx.origin.address));
    return issuedDocument(ctx, what);
  },
});
