import { Badge } from "#components/ui/badge.tsx";
import { HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { exactEuros } from "#lib/core/money.ts";
import type { RatedGroup } from "#lib/domain/billing/invoices/evidence/view.ts";
import { monthWords } from "./month-words.ts";

const columns = [
  { key: "what", label: "Model and workspace" },
  { key: "requests", label: "Requests", align: "right" },
  { key: "rated", label: "From its requests", align: "right" },
  { key: "invoiced", label: "On invoices", align: "right" },
  { key: "pending", label: "Not invoiced yet", align: "right" },
  { key: "difference", label: "Difference", align: "right" },
] as const;

const kindWords = {
  request: "",
  training: " · trained tokens",
  training_minimum: " · minimum of fine-tuning",
  model_storage: " · storage of tuned models",
} as const;

/** Each group of requests behind a document, rated anew and compared with what documents have of it. */
export const Recomputed = ({ groups }: { groups: readonly RatedGroup[] }) => (
  <Table caption="Rated anew" columns={columns}>
    {groups.map((group) => (
      <Row
        key={[
          group.month,
          group.workspaceId,
          group.model,
          group.inputMicros,
          group.cachedInputMicros,
          group.outputMicros,
          group.kind,
        ].join(" ")}
      >
        <HeadCell>
          <span className="block">{group.modelName}</span>
          <span className="block text-meta font-normal text-text-soft">
            {group.workspaceName} · {monthWords(group.month)}
            {kindWords[group.kind]}
          </span>
        </HeadCell>
        <NumberCells
          values={{
            Requests: group.requests.toLocaleString("en-IE"),
            "From its requests": exactEuros(group.ratedPico),
            "On invoices": exactEuros(group.invoicedPico),
            "Not invoiced yet": exactEuros(group.pendingPico),
            Difference: (
              <Badge tone={group.differencePico === 0n ? "good" : "bad"}>{exactEuros(group.differencePico)}</Badge>
            ),
          }}
        />
      </Row>
    ))}
  </Table>
);
