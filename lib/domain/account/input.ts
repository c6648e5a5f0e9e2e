import { z } from "zod";
import { typedEmail } from "#lib/core/email.ts";
import { idField } from "#lib/core/id-field.ts";
import { linkToken } from "#lib/core/link-token.ts";
import { localPath } from "#lib/core/local-path.ts";
import { agreementFields } from "#lib/domain/terms/input.ts";
import { passwordLengthMax, passwordProblem } from "./passwords/rules.ts";

const name = (what: string) => z.string().trim().min(1, `Enter ${what}.`).max(100, "Use at most 100 characters.");
const email = typedEmail();
const knownPassword = z
  .string()
  .min(1, "Enter your password.")
  .max(passwordLengthMax, "This is longer than any password here.");
const newPassword = z.string().superRefine((password, issue) => {
  const problem = passwordProblem(password);
  if (problem) issue.addIssue({ code: "custom", message: problem });
});

/** A path of ours to return to after signing in; anything else leads home. */
export const nextPath = z
  .string()
  .transform((text) => localPath(text) ?? "/")
  .catch("/");

export const customerTypes = ["business", "consumer"] as const;
/** Whom the agreement is with; what a form does not say is a business. */
const customerType = z.enum(customerTypes, { error: "Say whether it is for a business or private." }).optional();

export const signUpInput = z
  .object({
    name: name("your name"),
    email,
    password: newPassword,
    organization: name("the name of your organization"),
    customerType,
    ...agreementFields,
  })
  .superRefine(({ password, ...own }, issue) => {
    const problem = passwordProblem(password, [own.email, own.name, own.organization]);
    if (problem) issue.addIssue({ code: "custom", path: ["password"], message: problem });
  });

export const signInInput = z.object({ email, password: knownPassword, next: nextPath.optional() });
export const providerInput = z.object({ next: nextPath.optional() });
export const letterInput = z.object({ email });
export const confirmInput = z.object({ token: linkToken, password: knownPassword.optional() });
export const resetInput = z.object({ token: linkToken, password: newPassword });
export const passwordInput = z.object({ current: knownPassword, password: newPassword });
export const nameInput = z.object({ name: name("your name") });
export const sessionInput = z.object({
  session: idField("session"),
});
export const foundInput = z.object({
  organization: name("the name of your organization"),
  customerType,
  ...agreementFields,
});
export const nothingInput = z.object({});

export type SignUpInput = z.output<typeof signUpInput>;
export type SignInInput = z.output<typeof signInInput>;
export type FoundInput = z.output<typeof foundInput>;
