import type { Permission } from "#lib/core/access/permissions.ts";

export type NavEntry = {
  /** The part of the address after the workspace, such as "keys" or "organization/members". */
  section: string;
  label: string;
  /** `g` and then this letter goes there. */
  letter: string;
};
export type NavGroup = { label: string; entries: readonly NavEntry[] };

type Guarded = NavEntry & { permission: Permission };

const groups: readonly { label: string; entries: readonly Guarded[] }[] = [
  { label: "", entries: [{ section: "home", label: "Home", letter: "h", permission: "workspace.read" }] },
  {
    label: "Build",
    entries: [
      { section: "chat", label: "Chat", letter: "t", permission: "conversations.use" },
      { section: "playground", label: "Playground", letter: "p", permission: "playground.use" },
      { section: "agents", label: "Agents", letter: "n", permission: "agents.read" },
      { section: "fine-tuning", label: "Fine-tuning", letter: "f", permission: "fine-tuning.read" },
      { section: "batch", label: "Batch", letter: "c", permission: "batch.read" },
      { section: "files", label: "Files", letter: "o", permission: "files.read" },
      { section: "models", label: "Models", letter: "m", permission: "models.read" },
    ],
  },
  {
    label: "Operate",
    entries: [
      { section: "keys", label: "API keys", letter: "k", permission: "keys.read" },
      { section: "usage", label: "Usage", letter: "u", permission: "usage.read" },
      { section: "limits", label: "Limits", letter: "i", permission: "limits.read" },
      { section: "logs", label: "Logs", letter: "l", permission: "requests.read" },
    ],
  },
  {
    label: "Organization",
    entries: [
      { section: "organization/members", label: "Members", letter: "e", permission: "members.read" },
      { section: "organization/workspaces", label: "Workspaces", letter: "w", permission: "members.read" },
      { section: "organization/groups", label: "Groups", letter: "r", permission: "members.read" },
      { section: "organization/billing", label: "Billing", letter: "y", permission: "billing.read" },
      { section: "organization/contract", label: "Contract", letter: "x", permission: "contract.read" },
      { section: "organization/settings", label: "Settings", letter: "s", permission: "members.read" },
      { section: "organization/privacy", label: "Privacy", letter: "v", permission: "privacy.read" },
      { section: "organization/audit", label: "Audit log", letter: "a", permission: "audit.read" },
      { section: "organization/integrations", label: "Integrations", letter: "b", permission: "integrations.read" },
      { section: "organization/admin-keys", label: "Admin keys", letter: "d", permission: "admin-keys.write" },
    ],
  },
];

/** The places of a workspace that someone with these permissions can open. */
export function navigationFor(permissions: ReadonlySet<Permission>): NavGroup[] {
  return groups
    .map(({ label, entries }) => ({
      label,
      entries: entries
        .filter((entry) => permissions.has(entry.permission))
        .map(({ section, label, letter }) => ({ section, label, letter })),
    }))
    .filter((group) => group.entries.length > 0);
}

const sections = groups.flatMap(({ entries }) => entries.map(({ section }) => section));

/** The section an address of a workspace is in, to keep it when the workspace changes. */
export function sectionOf(pathname: string): string {
  const [, workspace, ...rest] = pathname.split("/");
  const path = workspace?.startsWith("ws_") ? rest.join("/") : "";
  return sections.find((section) => isWithin(path, section)) ?? "home";
}

/** Whether a path is a section's own, or beneath it. */
export const isWithin = (path: string, section: string): boolean => path === section || path.startsWith(`${section}/`);
