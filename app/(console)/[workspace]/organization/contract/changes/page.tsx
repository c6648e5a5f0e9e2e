import { FileClock } from "lucide-react";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { terminationOf } from "#lib/domain/agreements/queries.ts";
import { pendingChanges } from "#lib/domain/publications/changes/queries.ts";
import { pendingSubprocessors } from "#lib/domain/subprocessors/queries.ts";
import { documentFor } from "#lib/domain/terms/queries.ts";
import { Change } from "./parts.tsx";
import { PendingCard } from "./subprocessor.tsx";

const changesPage = page({
  can: "contract.read",
  title: "Changed terms",
  description: "What is announced, from when it holds for you, and what you can do until then (T-7-SUB, T-7-EXIT).",
  load: async (ctx) => {
    const [changes, pending, termination, noAgreeing, noObjecting, noEnd] = await Promise.all([
      pendingChanges(ctx),
      pendingSubprocessors(ctx),
      terminationOf(ctx),
      denial(ctx, "terms.accept"),
      denial(ctx, "help.write-organization"),
      denial(ctx, "contract.terminate"),
    ]);
    const shown = changes.map(async (change) => ({ change, before: await documentFor(ctx, change.kind) }));
    return { changes: await Promise.all(shown), pending, termination, noAgreeing, noObjecting, noEnd };
  },
  view: ({ changes, pending, termination, noAgreeing, noObjecting, noEnd }, ctx) =>
    changes.length + pending.length === 0 ? (
      <EmptyState icon={FileClock} title="No change is announced">
        A change of the terms or a new subprocessor is announced by letter, and here, at least 30 days before.
      </EmptyState>
    ) : (
      <>
        {changes.map(({ change, before }) => (
          <Change
            key={change.id}
            change={change}
            before={before.version}
            now={ctx.now}
            termination={termination}
            noAgreeing={noAgreeing}
            noEnd={noEnd}
          />
        ))}
        {pending.map((one) => (
          <PendingCard
            key={one.id}
            subprocessor={one}
            now={ctx.now}
            termination={termination}
            noObjecting={noObjecting}
            noEnd={noEnd}
          />
        ))}
      </>
    ),
});

export const { generateMetadata } = changesPage;
export default changesPage.default;
