import { workspaceOf } from "./accounts.ts";
import { firstOf, ofWorkspace, type Sight, under } from "./sight.ts";

/** Help as customers see it, and the desk that answers. */
export const helpSights: readonly Sight[] = [
  ofWorkspace("owner", "help"),
  ofWorkspace("owner", "help", "nothing found", "help?q=nobody-at-all"),
  ofWorkspace("free", "help", "empty"),
  ofWorkspace("owner", "help/new"),
  ofWorkspace("member", "help/new", "with some for admins"),
  { route: "/[workspace]/help/new/[kind]", role: "owner", at: under("owner", "help/new/fault") },
  {
    route: "/[workspace]/help/new/[kind]",
    state: "refused",
    role: "member",
    at: under("member", "help/new/delete_agent"),
  },
  { route: "/[workspace]/help/[ticket]", role: "owner", at: firstOf(() => `${workspaceOf("owner")}/help`) },
  {
    route: "/[workspace]/help/[ticket]",
    state: "resolved",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/help?state=resolved`),
  },
  { route: "/staff", role: "support", at: () => "/staff" },
  { route: "/staff", state: "nothing found", role: "support", at: () => "/staff?q=nobody-at-all" },
  { route: "/staff/tickets/[ticket]", role: "support", at: firstOf(() => "/staff") },
  {
    route: "/staff/tickets/[ticket]",
    state: "over",
    role: "support",
    at: firstOf(() => "/staff?show=over"),
  },
  { route: "/staff/macros", role: "support", at: () => "/staff/macros" },
  { route: "/staff/macros", state: "without that desk", role: "ledger", at: () => "/staff/macros" },
  { route: "/staff/figures", role: "support", at: () => "/staff/figures" },
];
