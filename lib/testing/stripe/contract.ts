import fs from "node:fs";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import type { Form } from "./form.ts";

type Schema = {
  type?: string;
  nullable?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  $ref?: string;
  anyOf?: Schema[];
  enum?: unknown[];
};
type Operation = {
  parameters?: { in: string; name: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
};
type OpenApi = {
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

const file = path.join("lib", "testing", "stripe", "openapi.json");

// What is compiled is used a few times only, so it is compiled fast.
const quick = { strict: false, validateFormats: false, inlineRefs: false, code: { optimize: false } };

let read: Contract | undefined;

/** Read and compiled once: it is large, and knows nothing of who asks. */
export function contract(): Contract {
  read ??= new Contract();
  return read;
}

/** The document of Stripe's API: what is asked and answered is held to it. */
export class Contract {
  readonly #api: OpenApi;
  // What is not to be converted is judged as it is; forms know only texts.
  readonly #exact = new Ajv({ ...quick });
  readonly #lenient = new Ajv({ ...quick, coerceTypes: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    this.#api = current(JSON.parse(fs.readFileSync(file, "utf8"))) as OpenApi;
    const { components } = this.#api;
    for (const ajv of [this.#exact, this.#lenient]) ajv.addSchema({ $id: "stripe", components });
  }

  get version(): string {
    return this.#api.info.version;
  }

  /** The name of the operation an address belongs to, such as `POST /v1/refunds`. */
  operationOf(method: string, address: string): { name: string; id: string } | null {
    const names = Object.keys(this.#api.paths).sort((a, b) => a.split("{").length - b.split("{").length);
    for (const name of names) {
      const found = new RegExp(`^${name.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(address);
      if (found && this.#api.paths[name]?.[method.toLowerCase()])
        return { name: `${method} ${name}`, id: found.at(-1) ?? "" };
    }
    return null;
  }

  /** What is wrong with parameters; null when nothing is. */
  faultOfRequest(name: string, sent: Form): string | null {
    const validate = this.#validator(`${name} request`, this.#lenient, () => {
      const operation = this.#operation(name);
      const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
      const query = (operation.parameters ?? []).filter((one) => one.in === "query");
      const properties = Object.fromEntries(query.map((one) => [one.name, one.schema]));
      // A form without members is described as a body even where there is only a query.
      return body && name.startsWith("POST") ? body : { type: "object", properties, additionalProperties: false };
    });
    return faultOf(validate, structuredClone(sent));
  }

  faultOfAnswer(name: string, answer: unknown): string | null {
    const validate = this.#validator(`${name} answer`, this.#exact, () => {
      return Object.values(this.#operation(name).responses["200"]?.content ?? {})[0]?.schema ?? {};
    });
    return faultOf(validate, answer);
  }

  faultOfObject(schema: string, value: unknown): string | null {
    const wanted = { $ref: `#/components/schemas/${schema}` };
    return faultOf(
      this.#validator(schema, this.#exact, () => wanted),
      value,
    );
  }

  /** An object with all that it must have, empty: what a test does not speak of still arrives as it does from Stripe. */
  blank(schema: string): Record<string, unknown> {
    return emptyOf(this.#api.components.schemas, this.#api.components.schemas[schema] ?? {}) as Record<string, unknown>;
  }

  #operation(name: string): Operation {
    const [method = "", address = ""] = name.split(" ");
    const operation = this.#api.paths[address]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${name} is not in the document.`);
    return operation;
  }

  #validator(name: string, ajv: Ajv, schema: () => object): ValidateFunction {
    const known = this.#compiled.get(name) ?? ajv.compile(inDocument(schema()) as object);
    this.#compiled.set(name, known);
    return known;
  }
}

const faultOf = (validate: ValidateFunction, value: unknown): string | null =>
  validate(value) ? null : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`).join("; ");

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
function current(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(current);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, current(one)]));
  if (nullable !== true) return nullable === undefined || nullable === false ? rest : { ...rest, nullable };
  return { anyOf: [rest, { type: "null" }] };
}

/** References are to the document, wherever they are read. */
function inDocument(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inDocument);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === "$ref" && typeof one === "string" ? one.replace(/^#/, "stripe#") : inDocument(one),
    ]),
  );
}

function emptyOf(schemas: Record<string, Schema>, schema: Schema): unknown {
  if (schema.$ref) return emptyOf(schemas, schemas[schema.$ref.replace("#/components/schemas/", "")] ?? {});
  if (schema.anyOf?.some((one) => one.type === "null")) return null;
  if (schema.anyOf?.[0]) return emptyOf(schemas, schema.anyOf[0]);
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "string":
      return "";
    case "array":
      return [];
    default:
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, emptyOf(schemas, schema.properties?.[name] ?? {})]),
      );
  }
}
