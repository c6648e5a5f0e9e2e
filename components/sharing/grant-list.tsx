import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Select } from "#components/ui/select.tsx";
import type { AgentVisibility } from "#lib/domain/agents/view.ts";
import type { GrantedLevel } from "#lib/domain/sharing/view.ts";
import { kindWords, levels, type SharedWith } from "#lib/domain/sharing/view.ts";

type Props = {
  visibility: AgentVisibility;
  grants: readonly SharedWith[];
  owner: ReactNode;
  onChange: (id: string, change: Partial<SharedWith>) => void;
  onRemove: (id: string) => void;
};

/** The owner, and those an agent is shared with by name, each with what they may do. */
export function GrantList({ visibility, grants, owner, onChange, onRemove }: Props) {
  return (
    <ul aria-label="Those named" className="divide-y divide-line rounded-control border border-line">
      <li className="flex min-h-(--row) flex-wrap items-center justify-between gap-x-4 gap-y-1 px-3 py-2 text-ui">
        {owner}
      </li>
      {grants.map((grant) => (
        <Grant
          key={grant.id}
          grant={grant}
          isMoot={visibility === "workspace" && grant.level === "use" && !grant.isOut}
          onChange={onChange}
          onRemove={onRemove}
        />
      ))}
    </ul>
  );
}

type GrantProps = Pick<Props, "onChange" | "onRemove"> & {
  grant: SharedWith;
  /** Everyone may use it anyway. */
  isMoot: boolean;
};

function Grant({ grant: { kind, id, name, detail, level, isOut }, isMoot, onChange, onRemove }: GrantProps) {
  return (
    <li className="flex min-h-(--row) flex-wrap items-center justify-between gap-x-4 gap-y-1 px-3 py-2 text-ui">
      <span className="min-w-0 grow basis-48">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          <span className="break-words">{name}</span>
          {kind === "user" ? null : <Badge plain>{kindWords[kind]}</Badge>}
          {isOut ? <Badge tone="warn">No effect</Badge> : null}
        </span>
        <span className="block text-meta break-all text-text-faint">
          {isOut ? outWords(kind) : isMoot ? `${detail} · everyone in the workspace may use it anyway` : detail}
        </span>
      </span>
      <span className="flex items-center gap-2">
        <span className="w-44">
          <Select
            aria-label={`What ${name} may do`}
            options={levels}
            value={level}
            onChange={(event) => onChange(id, { level: event.target.value as GrantedLevel })}
          />
        </span>
        <IconButton label={`Remove ${name}`} onClick={() => onRemove(id)}>
          <X aria-hidden="true" />
        </IconButton>
      </span>
    </li>
  );
}

const outWords = (kind: SharedWith["kind"]): string =>
  kind === "key" ? "The key has ended." : "Cannot use agents in this workspace now; has it again when they can.";
