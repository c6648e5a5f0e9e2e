import { z } from "zod";
import { linkToken } from "#lib/core/link-token.ts";
import { passwordProblem } from "#lib/domain/account/passwords/rules.ts";
import { agreementFields } from "#lib/domain/terms/input.ts";

/** A person who is invited and has no account yet; whose address it is, the invitation knows. */
export const joinInput = z
  .object({
    token: linkToken,
    name: z.string().trim().min(1, "Enter your name.").max(100, "Use at most 100 characters."),
    password: z.string(),
    ...agreementFields,
  })
  .superRefine(({ name, password }, issue) => {
    const problem = passwordProblem(password, [name]);
    if (problem) issue.addIssue({ code: "custom", path: ["password"], message: problem });
  });
