import { AppError } from "#lib/core/errors.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";

/**
 * T-4.2.2.2-ZDR2: what a request says of itself with `x-zero-retention`. `require` takes an approved request of the
 * organization, and is never ignored; `upstream` only chooses who answers.
 */
export function underHeader(key: AuthenticatedKey, header: string | string[] | undefined): AuthenticatedKey {
  if (header === undefined) return key;
  if (header === "upstream") return key.isQuiet ? key : { ...key, isQuiet: true };
  if (header !== "require")
    throw new AppError("invalid", "x-zero-retention is `require` or `upstream`.", { code: "invalid_header" });
  if (key.isZeroRetention) return key;
  if (key.mayRequireZeroRetention) return { ...key, isZeroRetention: true, keptClasses: [], isQuiet: true };
  const message =
    "This organization has no approved request for zero retention of single requests. An admin asks for it under Organization, Privacy.";
  throw new AppError("forbidden", message, { code: "zdr_not_granted" });
}
