import { counted, type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import { type Sums, uptimeOf, uptimeWords } from "#lib/domain/status/rules.ts";

export type StatusFacts = {
  sums: Sums;
  incidents: number;
  incidentSince: Date | null;
  maintenance: { title: string; startsAt: Date; endsAt: Date; noticedAt: Date | null } | null;
  now: Date;
};

const page = [proof("Status", "/status")];

function uptime({ sums, incidents, incidentSince }: StatusFacts): Evidence {
  const words = `${uptimeWords(uptimeOf(sums))} over the last 90 days.`;
  if (incidents > 0)
    return shown("at_risk", `${words} ${counted(incidents, "incident is", "incidents are")} open.`, {
      at: incidentSince,
      proofs: page,
    });
  return shown("running", `${words} No incident is open.`, { proofs: page });
}

function planned({ maintenance, now }: StatusFacts): Evidence {
  if (!maintenance) return shown("open", "No maintenance is planned.", { proofs: page });
  const { title, startsAt, noticedAt } = maintenance;
  const next = startsAt > now ? { at: startsAt, words: "Maintenance begins" } : null;
  if (noticedAt && noticedAt < startsAt)
    return shown("running", `“${title}”: you were told before it begins, so it counts as excluded for you.`, {
      at: noticedAt,
      next,
      proofs: page,
    });
  return shown(
    startsAt > now ? "running" : "at_risk",
    `“${title}”: ${startsAt > now ? "you are not told yet" : "you were not told before, so it counts as downtime for you"}.`,
    { next, proofs: page },
  );
}

export const statusRows = (facts: StatusFacts): EvidenceOf<"status"> => ({
  "T-4.4-SLO1": uptime(facts),
  "T-4.4-SLO2": shown("text", "By the Terms interruptions give no refund.", { proofs: page }),
  "T-4.4-SLO3": planned(facts),
  "T-4.4-SLO4": shown("open", "No change that breaks what works is announced.", {
    proofs: [proof("Documents", "/legal")],
  }),
});
