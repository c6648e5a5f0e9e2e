import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import type { NamedAgent } from "#lib/domain/agents/view.ts";
import type { FieldsProps } from "./builder-form.ts";

/** Agents it may hand a conversation to. */
export function HandoffFields({ form, change, errors, partners }: FieldsProps & { partners: readonly NamedAgent[] }) {
  const set = (id: string, isChosen: boolean) =>
    change({ handoffs: isChosen ? [...form.handoffs, id] : form.handoffs.filter((other) => other !== id) });
  const gone = form.handoffs.filter((id) => !partners.some((partner) => partner.id === id));
  const problem = Object.entries(errors).find(([field]) => /^handoffs(\.|$)/.test(field))?.[1][0];
  return (
    <Card
      title="Handoffs"
      description="Published agents you may use. It decides when to hand the conversation to one of them."
      hint={problem ? <span className="text-bad">{problem}</span> : undefined}
    >
      {partners.length + gone.length > 0 ? (
        <fieldset className="max-h-72 overflow-y-auto" aria-invalid={problem ? true : undefined}>
          <legend className="sr-only">Hands over to</legend>
          {partners.map(({ id, name, handle }) => (
            <Checkbox
              key={id}
              name="handoffs"
              label={name}
              help={`@${handle}`}
              checked={form.handoffs.includes(id)}
              onChange={(event) => set(id, event.target.checked)}
            />
          ))}
          {gone.map((id) => (
            <Checkbox
              key={id}
              name="handoffs"
              label="An agent that is gone, or that you may not use"
              help={id}
              checked
              onChange={() => set(id, false)}
            />
          ))}
        </fieldset>
      ) : (
        <p className="text-ui text-text-faint">There is no other published agent you may use.</p>
      )}
    </Card>
  );
}
