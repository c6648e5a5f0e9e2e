import type { Head } from "#app/doors/workspace-page.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { Context } from "#lib/core/context.ts";

/** The models of the platform, and those that this workspace tuned. */
export const modelTabs = (ctx: Context, current: "base" | "tuned"): Head => ({
  tabs: (
    <div>
      <Segments
        label="Kinds of models"
        segments={[
          { href: `/${ctx.workspaceId}/models`, label: "Base", current: current === "base" },
          { href: `/${ctx.workspaceId}/models/tuned`, label: "Tuned", current: current === "tuned" },
        ]}
      />
    </div>
  ),
});
