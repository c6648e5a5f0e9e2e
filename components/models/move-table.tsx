import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { MovedAlias } from "#lib/domain/lifecycle/aliases/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "model", label: "Stands for" },
  { key: "from", label: "Since" },
] as const;

type Props = { aliases: ReadonlyMap<string, string>; moves: readonly MovedAlias[] };

/** What every other name of a model stands for, by what was announced last. */
export function MoveTable({ aliases, moves }: Props) {
  const last = (alias: string) => moves.find((move) => move.alias === alias);
  return (
    <Table caption="Other names of models" columns={columns}>
      {[...aliases].map(([alias, model]) => {
        const move = last(alias);
        return (
          <Row key={alias}>
            <HeadCell>{alias}</HeadCell>
            <Cell label="Stands for">{model}</Cell>
            <Cell label="Since">
              {move ? (
                <>
                  <Time at={move.fromAt} form="instant" />, before that {move.before}
                </>
              ) : (
                "The beginning"
              )}
            </Cell>
          </Row>
        );
      })}
    </Table>
  );
}
