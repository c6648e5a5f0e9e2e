import { Archive } from "lucide-react";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { BundleList } from "#components/bundles/bundle-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Time } from "#components/ui/time.tsx";
import { bundlePage } from "#lib/domain/bundles/queries.ts";
import { bundleDays, bundlesADay } from "#lib/domain/bundles/rules.ts";
import { ask } from "./actions.ts";

const archivePage = page({
  can: "contract.export",
  title: "Take your data with you",
  description: "All that the organization has here, as one archive (T-6-EFF).",
  load: async (ctx) => ({ found: await bundlePage(ctx), reason: await denial(ctx, "contract.export") }),
  view: ({ found: { bundles, until, isOver }, reason }) => (
    <>
      <Card
        title="A new archive"
        description={`Made in the background; you get a letter. It can be downloaded for ${bundleDays} days, by you alone. At most ${bundlesADay} a day.`}
        footer={
          reason || isOver ? (
            <Denied label="Make archive" reason={reason ?? "What was kept after the agreement is deleted."} />
          ) : (
            <Ask />
          )
        }
      >
        <p className="text-ui">
          The agreement with its documents, people, workspaces, keys without their secrets, limits, agents with all
          versions, every request with its cost, the audit log with its chain, invoices, letters and receipts. A
          manifest has the SHA-256 of each file.
        </p>
        <p className="text-ui text-text-soft">
          Not in it: prompts and answers, conversations, files and weights of tuned models. They are taken where they
          are shown.
        </p>
        {until ? (
          <p className="text-ui text-text-soft">
            Since the end of the agreement archives can be asked for until <Time at={until} form="date" />.
          </p>
        ) : null}
      </Card>
      {bundles.length > 0 ? (
        <BundleList bundles={bundles} />
      ) : (
        <EmptyState icon={Archive} title="No archive yet">
          One is made when an admin asks for it.
        </EmptyState>
      )}
    </>
  ),
});

const Ask = () => (
  <ConfirmDialog
    trigger="Make archive"
    triggerLook={{ emphasis: "primary" }}
    title="Make an archive"
    confirm="Make archive"
    tone="normal"
    action={ask}
  >
    <p className="text-ui text-text-soft">Whoever has it can read what it says: keep it as carefully as your keys.</p>
  </ConfirmDialog>
);

export const { generateMetadata } = archivePage;
export default archivePage.default;
