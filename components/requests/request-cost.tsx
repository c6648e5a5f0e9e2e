import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { columnOf, exactEuros, formatPrice } from "#lib/core/money.ts";
import type { RequestDetail } from "#lib/domain/request-log/view.ts";

const columns = [
  { key: "what", label: "Tokens" },
  { key: "count", label: "Count", align: "right" },
  { key: "price", label: "Price for a million", align: "right" },
  { key: "cost", label: "Cost", align: "right" },
] as const;

/** The arithmetic of a request's cost, line by line; the lines add up exactly. */
export function RequestCost({ request }: { request: RequestDetail }) {
  const fresh = request.promptTokens - request.cachedTokens;
  const lines = [
    { what: "Prompt", count: fresh, micros: request.inputMicros },
    { what: "Prompt, from the cache", count: request.cachedTokens, micros: request.cachedInputMicros },
    { what: "Answer", count: request.completionTokens, micros: request.outputMicros },
  ];
  const costs = lines.map(({ count, micros }) => BigInt(count) * BigInt(micros));
  const euros = columnOf([...costs, request.waivedPico, request.costPico]);
  return (
    <Table caption="How the cost came about" columns={columns}>
      {lines.map(({ what, count, micros }) => (
        <Row key={what}>
          <HeadCell>{what}</HeadCell>
          <Cell label="Count" align="right">
            {formatCount(count)}
          </Cell>
          <Cell label="Price for a million" align="right">
            {formatPrice(BigInt(micros))}
          </Cell>
          <Cell label="Cost" align="right">
            {euros(BigInt(count) * BigInt(micros))}
          </Cell>
        </Row>
      ))}
      {request.waivedPico > 0n ? (
        <Row>
          <HeadCell>Waived, not billed</HeadCell>
          <Cell align="right">{""}</Cell>
          <Cell align="right">{""}</Cell>
          <Cell label="Cost" align="right">
            {euros(-request.waivedPico)}
          </Cell>
        </Row>
      ) : null}
      <Row>
        <HeadCell>{request.estimated ? "Total, of estimated counts" : "Total"}</HeadCell>
        <Cell label="Count" align="right">
          {formatCount(request.promptTokens + request.completionTokens)}
        </Cell>
        <Cell align="right">{""}</Cell>
        <Cell label="Cost" align="right">
          <strong className="font-semibold" title={exactEuros(request.costPico)}>
            {euros(request.costPico)}
          </strong>
        </Cell>
      </Row>
    </Table>
  );
}
