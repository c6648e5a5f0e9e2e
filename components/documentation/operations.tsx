import { CodeBlock } from "#components/ui/code-block.tsx";
import { callsOf, type ExampleFacts } from "#lib/core/documentation/examples.ts";
import type { Operation, Tag } from "#lib/core/documentation/reference.ts";
import { Anchored, DocLink } from "./documentation-text.tsx";
import { Folded, ParameterList, SchemaFields } from "./schema-fields.tsx";

/** Every part of the API with its operations. */
export const TagList = ({ tags }: { tags: readonly Tag[] }) => (
  <div className="flex flex-col gap-6">
    {tags.map(({ slug, name, description, operations }) => (
      <section key={slug} className="flex flex-col gap-1.5">
        <h2 className="text-section font-semibold">
          <DocLink href={`/docs/reference/${slug}`}>{name}</DocLink>
        </h2>
        <p className="text-ui text-text-soft">{description}</p>
        <ul className="flex flex-col font-mono text-meta">
          {operations.map(({ anchor, method, path }) => (
            <li key={anchor}>
              <DocLink
                href={`/docs/reference/${slug}#${anchor}`}
                look="block rounded-small py-1 break-all text-text-soft hover:text-text hover:underline"
              >
                {method} {path}
              </DocLink>
            </li>
          ))}
        </ul>
      </section>
    ))}
  </div>
);

const keyWords: Readonly<Record<string, string>> = {
  api: "Needs an API key: Authorization: Bearer KEY.",
  admin: "Needs an admin key: x-api-key: KEY.",
  trainer: "Needs the token of a training worker: Authorization: Bearer TOKEN.",
  none: "Needs no key.",
};

type Props = { operations: readonly Operation[]; facts: ExampleFacts };

/** The operations of one part. Everything is in the page; what is long is folded, without any script. */
export const Operations = ({ operations, facts }: Props) => (
  <div className="flex min-w-0 flex-col gap-8">
    {operations.map((operation) => (
      <OperationCard key={operation.anchor} operation={operation} facts={facts} />
    ))}
  </div>
);

function OperationCard({ operation, facts }: { operation: Operation; facts: ExampleFacts }) {
  const { anchor, method, path, summary, key, parameters, body, answers, errors } = operation;
  return (
    <section className="flex min-w-0 flex-col gap-2.5">
      <Anchored as="h2" anchor={anchor}>
        <span className="font-mono text-body break-all">
          {method} {path}
        </span>
      </Anchored>
      <p className="text-text-soft">{summary}</p>
      <p className="text-ui text-text-faint">{keyWords[key]}</p>
      {parameters.length > 0 ? <ParameterList parameters={parameters} /> : null}
      {body ? (
        <Folded summary={`Body: ${body.type}${body.isRequired ? "" : ", optional"}`} isOpen>
          <SchemaFields schema={body.schema} />
        </Folded>
      ) : null}
      {answers.map(({ type, schema }) => (
        <Folded key={type} summary={`Answer: ${type}`}>
          <SchemaFields schema={schema} />
        </Folded>
      ))}
      <p className="text-ui text-text-soft">
        Errors: {errors.join(", ")}. <DocLink href="/docs/errors">What each means</DocLink>.
      </p>
      {callsOf(operation, facts).map(({ language, code }, at) => (
        <Folded key={language} summary={language} isOpen={at === 0}>
          <CodeBlock code={code} label={`Copy ${language}`} />
        </Folded>
      ))}
    </section>
  );
}
