import { firstOf, ofWorkspace, type Sight } from "./sight.ts";

/** Assistance as customers see it, and the desk that reads. */
export const assistanceSights: readonly Sight[] = [
  ofWorkspace("owner", "organization/privacy/staff-access"),
  ofWorkspace("free", "organization/privacy/staff-access", "empty"),
  ofWorkspace("member", "organization/privacy/staff-access", "refused"),
  { route: "/staff/assistance", role: "support", at: () => "/staff/assistance" },
  { route: "/staff/assistance", state: "without that desk", role: "ledger", at: () => "/staff/assistance" },
  { route: "/staff/assistance/[grant]", role: "support", at: firstOf(() => "/staff/assistance") },
];
