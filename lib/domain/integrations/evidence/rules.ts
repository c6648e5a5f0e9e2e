import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import type { ServiceFacts } from "#lib/domain/connections/view.ts";

export type ConnectionFacts = {
  live: number;
  failing: number;
  off: number;
  failingSince: Date | null;
  reporting: number;
  services: ServiceFacts;
};

const page = [proof("Integrations", "organization/integrations")];

function health({ live, failing, off, failingSince, services }: ConnectionFacts) {
  if (live + off + services.connected === 0) return shown("not_applicable", "Nothing is connected.", { proofs: page });
  const hooks = `${counted(live, "place is", "places are")} told of events; ${failing} failing, ${off} switched off.`;
  const others = `${counted(services.connected, "service")} connected; ${services.failing} failing, ${services.lost} to connect again.`;
  const isWell = failing + off + services.failing + services.lost === 0;
  const at = [failingSince, services.failingSince].flatMap((since) => since ?? []);
  return shown(isWell ? "running" : "at_risk", `${hooks} ${others}`, { at: at[0] ?? null, proofs: page });
}

function services({ live, off, reporting, services: { connected } }: ConnectionFacts) {
  if (live + off + reporting + connected === 0)
    return shown("open", "No service of others is used through the platform.", { proofs: page });
  return shown(
    "running",
    `${counted(live + off, "place")} of yours told of events, ${counted(connected, "service")} connected, ${counted(reporting, "fine-tuning job")} reported to your own account elsewhere.`,
    { proofs: page },
  );
}

/** T-4.2.1-TPS2: what was read before a service was connected, in which wording, by whom. */
function reading({ services: { unread, lastRead } }: ConnectionFacts) {
  if (!lastRead) return shown("text", "Services of others are run by others, under their terms.", { proofs: page });
  const words = `${lastRead.by ?? "A former member"} read what leaves for ${lastRead.service}, wording ${lastRead.version}.`;
  const more = unread > 0 ? ` ${counted(unread, "service has", "services have")} a wording that is to be read.` : "";
  return shown(unread > 0 ? "due" : "running", `${words}${more}`, { at: lastRead.at, proofs: page });
}

export const connectionRows = (facts: ConnectionFacts): EvidenceOf<"integrations"> => ({
  "T-1-TPS": services(facts),
  "T-4.2.1-TPS1": health(facts),
  "T-4.2.1-TPS2": reading(facts),
});
