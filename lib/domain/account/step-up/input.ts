import { z } from "zod";
import { typedCode } from "#lib/domain/account/authenticators/input.ts";
import { passwordLengthMax } from "#lib/domain/account/passwords/rules.ts";

export const provePasswordInput = z.object({
  password: z.string().min(1, "Enter your password.").max(passwordLengthMax, "This is longer than any password here."),
});
export const proveCodeInput = z.object({ code: typedCode });
