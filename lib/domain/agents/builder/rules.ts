import type { AgentContent } from "#db/schema/agents.ts";
import { faultOfSchema } from "#lib/core/json-schema/fault.ts";

/** What a version says, for those who may not know the tables. */
export type Content = AgentContent;

export type Fault = { /** The field's path, joined by dots. */ field: string; message: string };

/** What only the builder insists on: schemas that say something a model can be held to. */
export function faultsOf({ tools, completion_args }: AgentContent): Fault[] {
  const schemas: [string, unknown][] = tools.map((tool, index) => [
    `tools.${index}.function.parameters`,
    tool.function.parameters,
  ]);
  const format = completion_args.response_format as { json_schema?: { schema: unknown } | null } | null | undefined;
  if (format?.json_schema)
    schemas.push(["completion_args.response_format.json_schema.schema", format.json_schema.schema]);
  return schemas.flatMap(([field, schema]) => {
    const message = faultOfSchema(schema);
    return message ? [{ field, message }] : [];
  });
}

/** What the list of agents can be sorted by, and its order when nothing is said. */
export const agentSorts = ["name", "owner", "updated"] as const;
export const agentOrder = "-updated";
