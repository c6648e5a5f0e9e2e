import { z } from "zod";
import { typedEmail } from "#lib/core/email.ts";
import { linkToken } from "#lib/core/link-token.ts";
import { messageBody } from "#lib/domain/help/input.ts";
import { guestKinds } from "./rules.ts";

export const guestLinkInput = z.object({
  organization: z
    .string()
    .trim()
    .min(1, "Enter the name or id of the organization.")
    .max(200, "200 characters at most."),
  email: typedEmail(),
});

export const guestTicketInput = z.object({
  token: linkToken,
  kind: z.enum(guestKinds, "Choose one of these."),
  target: z.string("Fill this in.").trim().min(1, "Fill this in.").max(2000, "2,000 characters at most."),
  body: messageBody,
});
