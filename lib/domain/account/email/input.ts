import { z } from "zod";
import { typedEmail } from "#lib/core/email.ts";
import { linkToken } from "#lib/core/link-token.ts";

export const emailInput = z.object({ email: typedEmail() });
export const emailTokenInput = z.object({ token: linkToken });
