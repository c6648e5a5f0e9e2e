import type { Clause } from "./clause.ts";

const section = "Availability";

/** What is promised of the platform being there. */
export const availability = [
  {
    id: "T-4.4-SLO1",
    section,
    title: "Around the clock",
    rule: "We do what is commercially reasonable to be available around the clock, and show how it went.",
    number: "24 hours, 7 days",
    binds: "provider",
    kind: "page",
    where: ["lib/domain/status/rules.ts", "components/status/status-page.tsx"],
    clocks: [],
    evidence: "status",
  },
  {
    id: "T-4.4-SLO2",
    section,
    title: "No refund for interruptions",
    rule: "Interruptions, whatever their length, entitle to no refund.",
    number: "0 refund",
    binds: "customer",
    kind: "text",
    where: ["components/status/status-page.tsx"],
    clocks: [],
    evidence: "status",
  },
  {
    id: "T-4.4-SLO3",
    section,
    title: "Maintenance is told beforehand",
    rule: "Scheduled maintenance counts as excluded only if you were told before it began.",
    number: "told before it begins",
    binds: "provider",
    kind: "staff",
    where: ["lib/domain/status/rules.ts", "server/notices/maintenance.ts"],
    clocks: ["maintenance.start"],
    evidence: "status",
  },
  {
    id: "T-4.4-SLO4",
    section,
    title: "Compatibility",
    rule: "The platform changes; where it is reasonable, what worked goes on working.",
    number: null,
    binds: "provider",
    kind: "gate",
    where: ["lib/domain/models/rules.ts", "CHANGELOG.md"],
    clocks: ["change.effective"],
    evidence: "status",
  },
] as const satisfies readonly Clause[];
