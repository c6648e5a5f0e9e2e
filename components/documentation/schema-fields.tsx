import type { ReactNode } from "react";
import { Code } from "#components/ui/code-block.tsx";
import { boundsOf, fieldsBelow, type Parameter, type Schema, typeWords } from "#lib/core/documentation/reference.ts";

type FoldedProps = { summary: string; isOpen?: boolean; children: ReactNode };

/** What a reader opens; the browser does it. */
export const Folded = ({ summary, isOpen = false, children }: FoldedProps) => (
  <details open={isOpen} className="min-w-0 rounded-card border border-line bg-surface">
    <summary className="cursor-pointer rounded-card px-3 py-2 text-ui font-medium">{summary}</summary>
    <div className="min-w-0 border-t border-line px-3 py-2">{children}</div>
  </details>
);

export const ParameterList = ({ parameters }: { parameters: readonly Parameter[] }) => (
  <Folded summary={`Parameters: ${parameters.length}`} isOpen>
    <dl className="flex flex-col gap-2">
      {parameters.map(({ name, in: place, isRequired, schema }) => (
        <Field key={name} name={name} schema={schema} isRequired={isRequired} place={place} depth={0} />
      ))}
    </dl>
  </Folded>
);

/** How far the fields of fields are shown; who needs more reads the document. */
const deepest = 4;

/** The fields of a schema; of a choice, those of each possibility. */
export function SchemaFields({ schema, depth = 0 }: { schema: Schema; depth?: number }) {
  const below = fieldsBelow(schema);
  if (below.length === 0) return <p className="font-mono text-meta break-words text-text-soft">{typeWords(schema)}</p>;
  return (
    <div className="flex flex-col gap-3">
      {below.map(({ label, schema: { properties = {}, required = [] } }) => (
        <div key={`${label} ${Object.keys(properties).join(" ")}`} className="flex flex-col gap-2">
          {label ? <p className="font-mono text-meta text-text-faint">{label}</p> : null}
          <dl className="flex flex-col gap-2">
            {fieldsOf(properties, required).map(([name, field]) => (
              <Field key={name} name={name} schema={field} isRequired={required.includes(name)} depth={depth} />
            ))}
          </dl>
        </div>
      ))}
    </div>
  );
}

type FieldProps = { name: string; schema: Schema; isRequired: boolean; place?: string; depth: number };

function Field({ name, schema, isRequired, place, depth }: FieldProps) {
  const words = [place, isRequired ? "required" : "", boundsOf(schema)].filter(Boolean).join(", ");
  const hasMore = depth < deepest && fieldsBelow(schema).length > 0;
  return (
    <div className="min-w-0">
      <dt className="font-mono text-meta font-semibold break-all">{name}</dt>
      <dd className="text-meta break-words text-text-soft">
        <span className="font-mono">{typeWords(schema)}</span>
        {words ? <> · {words}</> : null}
        {schema.description ? <Described text={schema.description} /> : null}
        {hasMore ? (
          <details className="mt-1">
            <summary className="cursor-pointer py-1 text-text-faint">Fields</summary>
            <div className="mt-1 border-l border-line pl-3">
              <SchemaFields schema={schema} depth={depth + 1} />
            </div>
          </details>
        ) : null}
      </dd>
    </div>
  );
}

/** What has to be sent comes first; otherwise the order is the schema's. */
const fieldsOf = (properties: Readonly<Record<string, Schema>>, required: readonly string[]): [string, Schema][] =>
  Object.entries(properties).toSorted(([a], [b]) => Number(required.includes(b)) - Number(required.includes(a)));

/** A sentence whose names of fields stand between backticks. */
const Described = ({ text }: { text: string }) => (
  <span className="block">
    {text.split("`").map((words, at) => (at % 2 === 1 ? <Code key={words}>{words}</Code> : words))}
  </span>
);
