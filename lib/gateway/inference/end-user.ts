import { printable } from "#lib/core/stored-text.ts";
import { endUserCode, withEndUsers } from "#lib/domain/end-users/rules.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";

const keptName = ({ endUsers, organizationId }: AuthenticatedKey, name: string): string | null => {
  if (endUsers === "drop") return null;
  return endUsers === "hash" ? endUserCode(organizationId, name) : printable(name);
};

/** What a request's event calls its end user (T-4.2.1-EU): nothing under zero retention, else as its organization chose. */
export const keptEndUser = ({ endUser, key }: AuthenticatedRequest): string | null =>
  endUser && !key.isZeroRetention ? keptName(key, endUser) : null;

/** The body as the content log has it: an end user is named there as the organization chose, and no other way. */
export function keptBody({ content, key, endUser }: AuthenticatedRequest): string | Buffer {
  if (key.endUsers === "keep" || endUser === null) return content;
  const body = JSON.parse(String(content)) as Record<string, unknown>;
  return JSON.stringify(withEndUsers(body, (name) => keptName(key, name)));
}
