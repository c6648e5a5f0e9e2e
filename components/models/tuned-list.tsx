import { Layers } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { TunedModelPlace } from "#lib/domain/tuned-models/input.ts";
import { stateWords, tunedModelOrder, type tunedModelSorts, tunedModelStates } from "#lib/domain/tuned-models/rules.ts";
import { type TunedModelView, titleOf } from "#lib/domain/tuned-models/view.ts";

type TunedSort = (typeof tunedModelSorts)[number];

const columns: readonly ListColumn<TunedSort>[] = [
  { key: "name", label: "Name", sorts: "name" },
  { key: "base", label: "Base" },
  { key: "state", label: "State" },
  { key: "owner", label: "Owner", sorts: "owner" },
  { key: "sharing", label: "Shared with" },
  { key: "created", label: "Created", sorts: "-created" },
];

const states = tunedModelStates.map((value) => ({ value, label: stateWords[value] }));
const owners = [{ value: "me", label: "My models" }];
const sharingWords = { workspace: "Everyone here", restricted: "Those named" };

type Props = {
  models: readonly TunedModelView[];
  range: ListRange;
  asked: TunedModelPlace;
  base: string;
  /** Who is looking. */
  me: string;
  now: Date;
  empty: ReactNode;
};

/** The tuned models of a workspace that the reader can see. */
export function TunedList({ models, range, asked, base, me, now, empty }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={tunedModelOrder}
      noun={{ one: "tuned model", many: "tuned models" }}
      icon={Layers}
      columns={columns}
      range={range}
      search="Name, id or owner"
      filters={
        <>
          <FilterChoice name="state" label="State" all="All states" options={states} value={asked.state} />
          <FilterChoice name="owner" label="Owner" all="All owners" options={owners} value={asked.owner} />
        </>
      }
      empty={empty}
    >
      {models.map((model) => (
        <Row key={model.id}>
          <HeadCell>
            <TextLink href={`${base}/${model.jobId}`} look="row">
              {titleOf(model)}
            </TextLink>
            {model.name ? (
              <span className="block text-meta font-normal break-all text-text-faint">{model.id}</span>
            ) : null}
          </HeadCell>
          <Cell label="Base">{model.root}</Cell>
          <Cell label="State">
            <TunedState state={model.state} />
          </Cell>
          <Cell label="Owner">{model.ownerId === me ? "You" : model.ownerName}</Cell>
          <Cell label="Shared with">{sharingWords[model.visibility]}</Cell>
          <Cell label="Created">
            <Time at={model.createdAt} now={now} />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

const tones = { active: "good", archived: "neutral", unavailable_base: "bad", not_served: "warn" } as const;

export const TunedState = ({ state }: Pick<TunedModelView, "state">) => (
  <Badge tone={tones[state]}>{stateWords[state]}</Badge>
);
