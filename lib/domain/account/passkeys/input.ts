import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { z } from "zod";
import { factorName } from "#lib/domain/account/factors/input.ts";
import { nextPath } from "#lib/domain/account/input.ts";

const sizeMax = 20_000;

/** What the browser's own passkey dialog gave, as text; the library looks at every part of it. */
const answer = <T>(parts: readonly string[]) =>
  z
    .string()
    .max(sizeMax)
    .transform((text, issue): T => {
      try {
        const parsed = JSON.parse(text) as { id?: unknown; response?: Record<string, unknown> };
        const has = (part: string) => typeof parsed.response?.[part] === "string";
        if (typeof parsed.id === "string" && parts.every(has)) return parsed as T;
      } catch {
        // Falls through to the same refusal.
      }
      issue.addIssue({ code: "custom", message: "The browser gave no passkey. Try again." });
      return z.NEVER;
    });

const assertion = answer<AuthenticationResponseJSON>(["clientDataJSON", "authenticatorData", "signature"]);

export const addPasskeyInput = z.object({
  answer: answer<RegistrationResponseJSON>(["clientDataJSON", "attestationObject"]),
  name: factorName,
});
export type AddPasskeyInput = z.output<typeof addPasskeyInput>;

export const passkeyInput = z.object({ answer: assertion });
export const passkeySignInInput = passkeyInput.extend({ next: nextPath.optional() });
