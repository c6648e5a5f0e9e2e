import type { Job } from "#lib/core/jobs/define.ts";
import { endItemsJob, judgeFiguresJob } from "#lib/domain/abuse/jobs.ts";
import { endReportsJob } from "#lib/domain/abuse-reports/jobs.ts";
import { forgetOldSignIns } from "#lib/domain/account/jobs.ts";
import { expireAssistanceJob } from "#lib/domain/assistance/jobs.ts";
import { verifyChainsJob } from "#lib/domain/audit/jobs.ts";
import {
  checkVatIdsJob,
  closeMonthsJob,
  followWindowsJob,
  issueAdvancesJob,
  renderDocumentJob,
} from "#lib/domain/billing/jobs.ts";
import { buildBundleJob, expireBundlesJob } from "#lib/domain/bundles/jobs.ts";
import { checkHealth, deliverEvent } from "#lib/domain/connections/jobs.ts";
import { refreshDueTokens, refreshTokenJob, revokeTokenJob } from "#lib/domain/connections/oauth/tokens/jobs.ts";
import { applyEndsJob, purgeKeptJob } from "#lib/domain/ending/jobs.ts";
import { sweepDeadlinesJob } from "#lib/domain/escalation/jobs.ts";
import { exportSpansJob, exportUsageJob, sendExportsJob } from "#lib/domain/exports/jobs.ts";
import { reconcileBlobsJob, sweepStoredFilesJob } from "#lib/domain/files/jobs.ts";
import { tidyTuningsJob, turnTuningMonthsJob } from "#lib/domain/fine-tuning/lifecycle/jobs.ts";
import { reportTuningJob } from "#lib/domain/fine-tuning/reporting/jobs.ts";
import { accrueStorageJob } from "#lib/domain/fine-tuning/storage/jobs.ts";
import { validateTuningJob } from "#lib/domain/fine-tuning/validation/jobs.ts";
import { forgetLinksJob } from "#lib/domain/guests/jobs.ts";
import { endTicketsJob } from "#lib/domain/help/ending/jobs.ts";
import { reconcileFilesJob, sweepFilesJob } from "#lib/domain/help/files/jobs.ts";
import { closeTicketsJob, wakeTicketsJob } from "#lib/domain/help/jobs.ts";
import { purgeMailJob } from "#lib/domain/help/mail/jobs.ts";
import { deliverWebhook, purgeWebhookEventsJob } from "#lib/domain/integrations/jobs.ts";
import { purgeRemains } from "#lib/domain/leaving/jobs.ts";
import { remindOfEndsJob, rollUsesJob } from "#lib/domain/lifecycle/impact/jobs.ts";
import { retireModelsJob } from "#lib/domain/lifecycle/jobs.ts";
import { sendAlertsJob } from "#lib/domain/limits/alerts/jobs.ts";
import { deleteThereJob } from "#lib/domain/model-deletion/jobs.ts";
import { deliverLetter } from "#lib/domain/notices/jobs.ts";
import { keepOrderedJob } from "#lib/domain/orders/jobs.ts";
import { collectInvoiceJob, reconcileJob, sweepPaymentsJob, workOffEventJob } from "#lib/domain/payments/jobs.ts";
import { agreeByUseJob } from "#lib/domain/publications/changes/jobs.ts";
import { purgeBucketsJob } from "#lib/domain/rates/jobs.ts";
import {
  copyReceiptsJob,
  prepareContentsJob,
  purgeContentsJob,
  receiptEndsJob,
  runDeletionsJob,
} from "#lib/domain/retention/jobs.ts";
import { turnHoursJob, turnRingsJob } from "#lib/domain/retention/keyring/jobs.ts";
import { forgetUnconfirmedJob, rollDaysJob, tellSubscribersJob } from "#lib/domain/status/jobs.ts";
import { deployTunedModelsJob } from "#lib/domain/tuned-models/deploying/jobs.ts";
import { preparePartitionsJob } from "#lib/domain/usage/jobs.ts";
import { scanContentsJob } from "#server/abuse/jobs.ts";
import { copyHeldJob, keepHeldJob } from "#server/holds/jobs.ts";
import { runNoticesJob, settleNoticesJob, sweepNoticesJob } from "#server/notices/jobs.ts";
import {
  checkReadinessJob,
  implementZeroRetentionJob,
  resumeZeroRetentionJob,
  verifyZeroRetentionJob,
} from "#server/zero-retention/jobs.ts";

/** Every job there is; a test holds this list to the `jobs.ts` files. */
export const registry: readonly Job[] = [
  agreeByUseJob,
  applyEndsJob,
  buildBundleJob,
  expireBundlesJob,
  checkReadinessJob,
  checkVatIdsJob,
  closeMonthsJob,
  closeTicketsJob,
  collectInvoiceJob,
  copyHeldJob,
  copyReceiptsJob,
  deliverLetter,
  expireAssistanceJob,
  deliverWebhook,
  deliverEvent,
  refreshTokenJob,
  refreshDueTokens,
  revokeTokenJob,
  checkHealth,
  endItemsJob,
  endReportsJob,
  endTicketsJob,
  exportSpansJob,
  exportUsageJob,
  followWindowsJob,
  forgetLinksJob,
  forgetOldSignIns,
  implementZeroRetentionJob,
  issueAdvancesJob,
  keepHeldJob,
  judgeFiguresJob,
  keepOrderedJob,
  retireModelsJob,
  rollUsesJob,
  remindOfEndsJob,
  preparePartitionsJob,
  prepareContentsJob,
  purgeBucketsJob,
  purgeContentsJob,
  purgeKeptJob,
  purgeMailJob,
  purgeRemains,
  purgeWebhookEventsJob,
  reconcileBlobsJob,
  reconcileFilesJob,
  validateTuningJob,
  turnTuningMonthsJob,
  tidyTuningsJob,
  reportTuningJob,
  deleteThereJob,
  deployTunedModelsJob,
  accrueStorageJob,
  settleNoticesJob,
  sweepDeadlinesJob,
  sweepNoticesJob,
  sweepStoredFilesJob,
  sweepFilesJob,
  wakeTicketsJob,
  receiptEndsJob,
  reconcileJob,
  renderDocumentJob,
  rollDaysJob,
  tellSubscribersJob,
  forgetUnconfirmedJob,
  runDeletionsJob,
  resumeZeroRetentionJob,
  runNoticesJob,
  scanContentsJob,
  sendAlertsJob,
  sendExportsJob,
  sweepPaymentsJob,
  turnHoursJob,
  turnRingsJob,
  verifyChainsJob,
  verifyZeroRetentionJob,
  workOffEventJob,
];
