import { Eye } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, NumberCells, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ItemFilter } from "#lib/domain/abuse/desk/input.ts";
import type { ItemRow } from "#lib/domain/abuse/desk/view.ts";
import { type ItemState, sourceTitles, stateTitles } from "#lib/domain/abuse/rules.ts";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";

const choices = (titles: Readonly<Record<string, string>>) =>
  Object.entries(titles).map(([value, label]) => ({ value, label }));
const { open: _open, ...decidedTitles } = stateTitles;

const tones = { open: "warn", warned: "info", restricted: "bad", suspended: "bad", legal: "info" } as const;

export const ItemBadge = ({ state }: { state: ItemState }) =>
  state === "dismissed" ? <Badge>{stateTitles[state]}</Badge> : <Badge tone={tones[state]}>{stateTitles[state]}</Badge>;

type Props = { items: readonly ItemRow[]; range: ListRange; asked: ItemFilter; now: Date; empty: ReactNode };

/** Signs of abuse of all customers, flagged last first. */
export const ItemList = ({ items, range, asked, now, empty }: Props) => (
  <List
    base="/staff/abuse"
    asked={asked}
    order="-flagged"
    noun={{ one: "item", many: "items" }}
    icon={Eye}
    columns={[
      { key: "category", label: "What for" },
      { key: "customer", label: "Customer" },
      { key: "source", label: "Seen by" },
      { key: "state", label: "Status" },
      { key: "flags", label: "Flags", align: "right" },
      { key: "flagged", label: "Last flag", sorts: "-flagged" },
      { key: "ends", label: "Ends" },
    ]}
    range={range}
    search="Customer or item id"
    filters={
      <>
        <FilterChoice name="state" label="Status" all="Open" options={choices(decidedTitles)} value={asked.state} />
        <FilterChoice
          name="source"
          label="Seen by"
          all="All sources"
          options={choices(sourceTitles)}
          value={asked.source}
        />
        <FilterChoice
          name="category"
          label="What for"
          all="All reasons"
          options={choices(reasonTitles)}
          value={asked.category}
        />
      </>
    }
    isPart
    empty={empty}
  >
    {items.map((item) => (
      <Row key={item.id}>
        <HeadCell>
          <TextLink href={`/staff/abuse/${item.id}`} look="row">
            {reasonTitles[item.category]}
          </TextLink>
        </HeadCell>
        <Cell label="Customer" wrap>
          {item.organizationName}
          {item.workspaceName ? <span className="block text-meta text-text-faint">{item.workspaceName}</span> : null}
        </Cell>
        <Cell label="Seen by">{sourceTitles[item.source]}</Cell>
        <Cell label="Status">
          <ItemBadge state={item.state} />
        </Cell>
        <NumberCells values={{ Flags: item.flags.toLocaleString("en-GB") }} />
        <Cell label="Last flag">
          <Time at={item.flaggedAt} now={now} />
        </Cell>
        <Cell label="Ends">
          <Time at={item.endsAt} form="date" now={now} />
        </Cell>
      </Row>
    ))}
  </List>
);
