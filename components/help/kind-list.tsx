import { Badge } from "#components/ui/badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { permissions } from "#lib/core/access/permissions.ts";
import { kindOf, type TicketKind } from "#lib/domain/help/kinds/rules.ts";

type Props = { choices: readonly { kind: TicketKind; mayOpen: boolean }[]; base: string };

/** Every kind of ticket. What someone cannot open says what it takes. */
export const KindList = ({ choices, base }: Props) => (
  <ul className="grid gap-3 sm:grid-cols-2">
    {choices.map(({ kind, mayOpen }) => {
      const { title, about, legalDays, opensAt, can } = kindOf(kind);
      return (
        <li key={kind} className="flex flex-col gap-1 rounded-card border border-line bg-surface p-4 text-ui">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            {mayOpen ? (
              <TextLink href={opensAt ? `${base}/${opensAt}` : `${base}/help/new/${kind}`}>{title}</TextLink>
            ) : (
              title
            )}
            {legalDays ? <Badge plain>Within {legalDays} days</Badge> : null}
          </p>
          <p className="text-text-soft">{about}</p>
          {mayOpen ? null : <p className="text-meta text-text-faint">You may not {permissions[can].words}.</p>}
        </li>
      );
    })}
  </ul>
);
