import { monitoringEvidence } from "#lib/domain/abuse/evidence/queries.ts";
import { agentEvidence } from "#lib/domain/agents/evidence/queries.ts";
import { agreementEvidence } from "#lib/domain/agreements/evidence/queries.ts";
import { latestAgreement, terminationOf } from "#lib/domain/agreements/queries.ts";
import { assistanceEvidence } from "#lib/domain/assistance/evidence/queries.ts";
import { billingEvidence } from "#lib/domain/billing/evidence/queries.ts";
import { bundlePage } from "#lib/domain/bundles/queries.ts";
import { contractEvidence } from "#lib/domain/contract/evidence/queries.ts";
import { deadlineSlice } from "#lib/domain/deadlines/queries.ts";
import { endingEvidence } from "#lib/domain/ending/evidence/queries.ts";
import { endFacts, endingPage, keptOf, mayReturn, openDebt } from "#lib/domain/ending/queries.ts";
import { exportFiles } from "#lib/domain/exports/queries.ts";
import { tuningEvidence } from "#lib/domain/fine-tuning/evidence/queries.ts";
import { connectionEvidence } from "#lib/domain/integrations/evidence/queries.ts";
import { keyEvidence } from "#lib/domain/keys/evidence/queries.ts";
import { spendEvidence } from "#lib/domain/limits/evidence/queries.ts";
import { lifecycleEvidence } from "#lib/domain/models/evidence/queries.ts";
import { contactEvidence } from "#lib/domain/notices/evidence/queries.ts";
import { orderEvidence } from "#lib/domain/orders/evidence/queries.ts";
import { agreementsTo, pendingChanges, unagreedVersions } from "#lib/domain/publications/changes/queries.ts";
import { changeEvidence } from "#lib/domain/publications/evidence/queries.ts";
import { rateEvidence } from "#lib/domain/rates/evidence/queries.ts";
import { clauseLetters, clauseProofs, clausesOf, openDeadlines, signedOrders } from "#lib/domain/register/queries.ts";
import { contractHead, contractTimeline, documentsInForce } from "#lib/domain/register/timeline/queries.ts";
import { deletionEvidence } from "#lib/domain/retention/deletions/evidence/queries.ts";
import { contentEvidence } from "#lib/domain/retention/evidence/queries.ts";
import { statusEvidence } from "#lib/domain/status/evidence/queries.ts";
import { pendingSubprocessors } from "#lib/domain/subprocessors/queries.ts";
import { suspensionEvidence } from "#lib/domain/suspensions/evidence/queries.ts";
import { dataProcessing } from "#lib/domain/terms/data-processing/queries.ts";
import { documentEvidence } from "#lib/domain/terms/evidence/queries.ts";
import { tunedEvidence } from "#lib/domain/tuned-models/evidence/queries.ts";
import { usageEvidence } from "#lib/domain/usage/evidence/queries.ts";
import { zeroEvidence } from "#lib/domain/zero-retention/evidence/queries.ts";
import type { Operation } from "./operations.ts";

/** What people do about the agreement of their organization. */
export const contract: Record<string, Operation> = {
  latestAgreement: { can: "organization.read", run: latestAgreement },
  terminationOf: { can: "contract.read", run: terminationOf },
  bundlePage: { can: "contract.export", run: bundlePage },
  endFacts: { can: "contract.read", run: endFacts },
  endingPage: { can: "contract.read", run: endingPage },
  exportFiles: { can: "integrations.read", run: (ctx) => exportFiles(ctx, { limit: 10, offset: 0 }) },
  mayReturn: { can: "contract.read", run: (ctx) => mayReturn(ctx, 1) },
  keptOf: { can: "contract.read", run: (ctx) => keptOf(ctx, 1) },
  pendingChanges: { can: "organization.read", run: pendingChanges },
  unagreedVersions: { can: "organization.read", run: unagreedVersions },
  agreementsTo: { can: "contract.read", run: agreementsTo },
  deadlineSlice: { can: "contract.read", run: (ctx) => deadlineSlice(ctx, { show: "open", limit: 25 }) },
  pendingSubprocessors: { can: "organization.read", run: pendingSubprocessors },
  dataProcessing: { can: "contract.read", run: dataProcessing },
  openDebt: { can: "organization.read", run: openDebt },
  monitoringEvidence: { can: "contract.read", run: monitoringEvidence },
  agentEvidence: { can: "contract.read", run: agentEvidence },
  agreementEvidence: { can: "contract.read", run: agreementEvidence },
  assistanceEvidence: { can: "contract.read", run: assistanceEvidence },
  billingEvidence: { can: "contract.read", run: billingEvidence },
  contractEvidence: { can: "contract.read", run: contractEvidence },
  endingEvidence: { can: "contract.read", run: endingEvidence },
  tuningEvidence: { can: "contract.read", run: tuningEvidence },
  connectionEvidence: { can: "contract.read", run: connectionEvidence },
  keyEvidence: { can: "contract.read", run: keyEvidence },
  spendEvidence: { can: "contract.read", run: spendEvidence },
  lifecycleEvidence: { can: "contract.read", run: lifecycleEvidence },
  contactEvidence: { can: "contract.read", run: contactEvidence },
  orderEvidence: { can: "contract.read", run: orderEvidence },
  changeEvidence: { can: "contract.read", run: changeEvidence },
  rateEvidence: { can: "contract.read", run: rateEvidence },
  deletionEvidence: { can: "contract.read", run: deletionEvidence },
  contentEvidence: { can: "contract.read", run: contentEvidence },
  statusEvidence: { can: "contract.read", run: statusEvidence },
  suspensionEvidence: { can: "contract.read", run: suspensionEvidence },
  documentEvidence: { can: "contract.read", run: documentEvidence },
  tunedEvidence: { can: "contract.read", run: tunedEvidence },
  usageEvidence: { can: "contract.read", run: usageEvidence },
  zeroEvidence: { can: "contract.read", run: zeroEvidence },
  openDeadlines: { can: "contract.read", run: openDeadlines },
  clausesOf: { can: "contract.read", run: clausesOf },
  clauseLetters: { can: "contract.read", run: clauseLetters },
  signedOrders: { can: "contract.read", run: signedOrders },
  contractHead: { can: "contract.read", run: contractHead },
  contractTimeline: { can: "contract.read", run: contractTimeline },
  documentsInForce: { can: "contract.read", run: documentsInForce },
  clauseProofs: { can: "contract.read", run: clauseProofs },
};
