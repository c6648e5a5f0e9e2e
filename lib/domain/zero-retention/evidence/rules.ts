import type { zeroRetentionStates } from "#db/schema/zero-retention.ts";
import { type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

type State = (typeof zeroRetentionStates)[number];

export type ZeroFacts = {
  plan: Plan;
  request: {
    state: State;
    reason: string;
    scope: string;
    createdAt: Date;
    decidedAt: Date | null;
    activeAt: Date | null;
    endedAt: Date | null;
    stuckOn: string | null;
    brokenAt: Date | null;
    verifiedAt: Date | null;
  } | null;
  /** Since when nothing of the whole organization is kept. */
  since: Date | null;
  kept: number;
  downgradedAt: Date | null;
};
type Request = NonNullable<ZeroFacts["request"]>;

const page = [proof("Privacy", "organization/privacy")];
const decidedWords: Partial<Record<State, string>> = {
  denied: "The request was refused, with a reason.",
  withdrawn: "You withdrew the request.",
};

const asked = ({ state, scope, reason, createdAt }: Request): Evidence =>
  shown(
    state === "asked" ? "due" : "kept",
    `Asked for the ${scope}, for the reason “${reason.replaceAll("_", " ")}”.`,
    {
      at: createdAt,
      proofs: page,
    },
  );

function decision({ state, createdAt, decidedAt }: Request): Evidence {
  if (state === "asked")
    return shown("due", "We asked you something about your request.", { at: createdAt, proofs: page });
  if (!decidedAt) return shown("running", "The request is looked into.", { at: createdAt, proofs: page });
  return shown("kept", decidedWords[state] ?? "The request was granted.", { at: decidedAt, proofs: page });
}

function implementing({ state, decidedAt, activeAt, stuckOn }: Request): Evidence {
  if (state === "approved" || state === "implementing")
    return stuckOn
      ? shown("at_risk", `Granted; putting it in place waits for: ${stuckOn}. Nothing new is kept meanwhile.`, {
          at: decidedAt,
          proofs: page,
        })
      : shown("running", "Granted, and being put in place. Nothing new is kept meanwhile.", {
          at: decidedAt,
          proofs: page,
        });
  if (activeAt)
    return shown("kept", "What was kept before was deleted, and you were told.", {
      at: activeAt,
      proofs: [...page, proof("Receipts", "organization/privacy/receipts")],
    });
  if (state === "denied") return shown("kept", "You were told of the refusal.", { at: decidedAt, proofs: page });
  return shown("open", "Nothing was granted so far.", { proofs: page });
}

function nothingKept({ request, since, kept }: ZeroFacts): Evidence {
  if (!since)
    return shown("not_applicable", "Zero data retention is not in force for the whole organization.", { proofs: page });
  if (request?.brokenAt)
    return shown("broken", "A check found something that is kept. We are looking into it.", {
      at: request.brokenAt,
      proofs: page,
    });
  const found = kept > 0 ? "at_risk" : "kept";
  return shown(found, kept > 0 ? `${kept} requests from before are still to be deleted.` : "0 requests are kept.", {
    at: request?.verifiedAt ?? since,
    proofs: page,
  });
}

function leaving({ since, downgradedAt, plan }: ZeroFacts): Evidence {
  if (!since && !downgradedAt) return shown("not_applicable", "It is not in force, so a change of plan ends nothing.");
  if (downgradedAt && plan === "free")
    return shown("kept", "You agreed to its end with the change to the free plan.", { at: downgradedAt });
  return shown("running", "A change to the free plan asks first, and ends it expressly.", {
    proofs: [proof("Plan", "organization/billing/plan")],
  });
}

export function zeroRows(facts: ZeroFacts): EvidenceOf<"zero-retention"> {
  const { request, plan } = facts;
  const none =
    plan === "free"
      ? shown("not_applicable", "It comes with the paid plan.", { proofs: page })
      : shown("open", "You have not asked for it.", { proofs: page });
  return {
    "T-4.2.2.2-ZDR1": request ? asked(request) : none,
    "T-4.2.2.2-ZDR2": request ? decision(request) : none,
    "T-4.2.2.2-ZDR3": request ? implementing(request) : none,
    "T-4.2.2.2-ZDR4": nothingKept(facts),
    "T-4.2.2.2-ZDR5": leaving(facts),
  };
}
