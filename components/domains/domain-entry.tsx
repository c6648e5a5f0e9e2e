import { Badge } from "#components/ui/badge.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { proofName } from "#lib/domain/domains/rules.ts";
import type { Domain } from "#lib/domain/domains/view.ts";
import { CheckDomain } from "./check-domain.tsx";
import { JoiningForm } from "./joining-form.tsx";
import { joiningWords } from "./joining-words.ts";

type Props = {
  domain: Domain;
  mayChange: boolean;
  /** What the identity provider is called, if there is one. */
  provider: string | null;
  check: Action<void>;
  saveJoining: Action<void>;
  remove: Action<void>;
};

/** One domain: what is left to do to prove it, or who joins through it. */
export function DomainEntry({ domain, mayChange, provider, check, saveJoining, remove }: Props) {
  const { id, name, joining, role, verifiedAt } = domain;
  return (
    <section aria-label={name} className="flex flex-col gap-3 rounded-card border border-line p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="flex flex-wrap items-center gap-2 text-ui font-medium break-all">
          {name}
          {verifiedAt ? <Badge tone="good">Proven</Badge> : <Badge tone="warn">Not proven yet</Badge>}
        </h3>
        {mayChange ? <RemoveDomain id={id} name={name} remove={remove} /> : null}
      </div>
      {verifiedAt ? (
        <>
          <p className="text-meta text-text-faint">
            Proven on <Time at={verifiedAt} form="date" />
          </p>
          {mayChange ? (
            <JoiningForm id={id} joining={joining} role={role} provider={provider} save={saveJoining} />
          ) : (
            <p className="text-ui">{joiningWords(provider)[joining].label}</p>
          )}
        </>
      ) : mayChange ? (
        <Unproven domain={domain} check={check} />
      ) : null}
    </section>
  );
}

function Unproven({ domain, check }: { domain: Domain; check: Action<void> }) {
  return (
    <>
      <p className="text-ui text-text-soft">Add this record to the domain's DNS, then look for it here.</p>
      <DefinitionList
        rows={[
          { term: "Type", value: "TXT" },
          { term: "Name", value: <Copyable text={proofName(domain.name)} noun="name of the record" /> },
          { term: "Value", value: <Copyable text={domain.proof} noun="value of the record" /> },
        ]}
      />
      <CheckDomain id={domain.id} name={domain.name} check={check} />
    </>
  );
}

const RemoveDomain = ({ id, name, remove }: { id: string; name: string; remove: Action<void> }) => (
  <ConfirmDialog
    trigger="Remove"
    triggerLook={{ size: "small", tone: "bad" }}
    title={`Remove ${name}`}
    confirm="Remove domain"
    action={remove}
  >
    <input type="hidden" name="id" value={id} />
    <p className="text-ui text-text-soft">
      Nobody joins through it any more. Members who came through it stay until you remove them.
    </p>
  </ConfirmDialog>
);
