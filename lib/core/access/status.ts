import type { Permission } from "./permissions.ts";

/** How an organization stands with the provider. */
export type OrganizationStatus = "active" | "suspended" | "terminated";

const own = /^(account|help|billing|suspensions|contract)\./;
const reading = /\.read(-organization)?$/;
/** What a former customer reads beside it: the organization's own facts, receipts, and orders as documents of billing. */
const former: ReadonlySet<Permission> = new Set([
  "organization.read",
  "orders.read",
  "privacy.read",
  "audit.read",
  "audit.read-organization",
]);

/**
 * T-4.1-USE: what is left of someone's permissions under the organization's status. While it is suspended they read,
 * write to Help, settle bills, appeal and end the agreement; after it they have their account, Help, bills, receipts,
 * the audit log and the way back alone (T-4.2.3-DEL3, T-6-EFF).
 */
export function permissionsUnder(
  status: OrganizationStatus,
  permissions: ReadonlySet<Permission>,
): ReadonlySet<Permission> {
  if (status === "active") return permissions;
  const stays = (permission: Permission) =>
    status === "suspended" ? reading.test(permission) : former.has(permission);
  return new Set([...permissions].filter((permission) => own.test(permission) || stays(permission)));
}
