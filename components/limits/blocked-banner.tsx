import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { peopleWords } from "#lib/core/access/words.ts";

export type Blocked = {
  scope: "organization" | "workspace";
  /** "1 December". */
  resets: string;
  /** Where the limit is raised, for those who may. */
  raiseHref: string | null;
  /** Who may, for everyone else. */
  raisers: readonly string[];
};

const titles = {
  organization: "Requests are refused: the organization has reached its spend limit",
  workspace: "Requests are refused: this workspace has reached its spend limit",
} as const;

/** At the top of every page while a limit stops the workspace (T-4.2.2.2-LIM2). */
export function BlockedBanner({ blocked }: { blocked: readonly Blocked[] }) {
  if (blocked.length === 0) return null;
  return (
    <section aria-label="Spend limit reached" className="flex flex-col gap-2 px-4 pt-4 sm:px-6">
      {blocked.map(({ scope, resets, raiseHref, raisers }) => (
        <Notice
          key={scope}
          tone="bad"
          title={titles[scope]}
          action={
            raiseHref ? (
              <LinkButton size="small" href={raiseHref}>
                Raise limit
              </LinkButton>
            ) : undefined
          }
        >
          The API answers 402 until {resets} (UTC) or until the limit is raised; the next request after a raise passes.
          {raiseHref ? null : ` ${peopleWords(raisers)} can raise it.`}
        </Notice>
      ))}
    </section>
  );
}
