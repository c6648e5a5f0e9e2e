import { latestAgreement, terminationOf } from "#lib/domain/agreements/queries.ts";
import { deadlineSlice } from "#lib/domain/deadlines/queries.ts";
import { endFacts, endingPage, keptOf, openDebt } from "#lib/domain/ending/queries.ts";
import { agreementsTo, pendingChanges, unagreedVersions } from "#lib/domain/publications/changes/queries.ts";
import { pendingSubprocessors } from "#lib/domain/subprocessors/queries.ts";
import type { Operation } from "./operations.ts";

/** What people do about the agreement of their organization. */
export const contract: Record<string, Operation> = {
  latestAgreement: { can: "organization.read", run: latestAgreement },
  terminationOf: { can: "contract.read", run: terminationOf },
  endFacts: { can: "contract.read", run: endFacts },
  endingPage: { can: "contract.read", run: endingPage },
  keptOf: { can: "contract.read", run: (ctx) => keptOf(ctx, 1) },
  pendingChanges: { can: "organization.read", run: pendingChanges },
  unagreedVersions: { can: "organization.read", run: unagreedVersions },
  agreementsTo: { can: "contract.read", run: agreementsTo },
  deadlineSlice: { can: "contract.read", run: (ctx) => deadlineSlice(ctx, { show: "open", limit: 25 }) },
  pendingSubprocessors: { can: "organization.read", run: pendingSubprocessors },
  openDebt: { can: "organization.read", run: openDebt },
};
