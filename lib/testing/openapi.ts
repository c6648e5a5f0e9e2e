import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { createEventReader } from "#lib/core/event-stream.ts";

type Media = Record<string, { schema: object }>;
type Answer = { content?: Media };
type Operation = {
  parameters: { name: string; in: string }[];
  requestBody?: { content: Media };
  responses: Record<string, Answer & { $ref?: string }>;
};
type OpenApi = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, Answer & { description: string }> };
};

type Exchange = {
  method: string;
  /** With its query. */
  address: string;
  sent: unknown;
  status: number;
  type: string;
  text: string;
};

/** Holds what is asked and answered to the document that describes the API; throws where they differ. */
class OpenApiChecker {
  readonly #document: OpenApi;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #known = new Map<object, ValidateFunction>();

  readonly #anyQuery: boolean;

  constructor(document: OpenApi, anyQuery: boolean) {
    this.#document = document;
    this.#anyQuery = anyQuery;
    this.#ajv.addSchema({ $id: "openapi", components: document.components });
  }

  check(exchange: Exchange): void {
    const { method, address, status, text } = exchange;
    const [path = "", query = ""] = address.split("?", 2);
    const operation = this.#operation(method, path);
    const where = `${method} ${address} ${status}`;
    const answer = operation && this.#answerOf(operation, status);
    if (operation && !answer) throw new Error(`${where} is not documented: ${text.slice(0, 300)}`);
    if (status >= 400) this.#holdError(status, text, where);
    // What is not there has no answers of its own.
    else if (!operation || !answer) throw new Error(`${where} is not documented, but answered.`);
    else {
      this.#holdQuery(operation, query, where);
      this.#holdBodies(operation, answer, exchange, where);
    }
  }

  /** One event of a stream; an error has the shape of every error. */
  checkEvent(path: string, data: object): void {
    const schema = this.#operation("POST", path)?.responses["200"]?.content?.["text/event-stream"]?.schema;
    const isError = "error" in data && !("choices" in data);
    this.#hold(isError ? this.#document.components.schemas.Error : schema, data, `an event of ${path}`);
  }

  #holdQuery({ parameters }: Operation, query: string, where: string): void {
    for (const name of this.#anyQuery ? [] : new URLSearchParams(query).keys()) {
      const isKnown = parameters.some((one) => one.in === "query" && one.name === name);
      if (!isKnown) throw new Error(`${where}: the parameter ${name} is not documented.`);
    }
  }

  #holdBodies({ requestBody }: Operation, { content }: Answer, { sent, type, text }: Exchange, where: string): void {
    if (sent !== undefined) this.#hold(schemaIn(requestBody?.content), sent, `${where}: request`);
    if (content && type in content && !type.startsWith("application/json")) return;
    if (type.startsWith("application/json")) this.#hold(schemaIn(content), JSON.parse(text), `${where}: answer`);
    else if (text !== "") throw new Error(`${where}: ${type} is not documented.`);
  }

  #operation(method: string, path: string): Operation | undefined {
    const { paths } = this.#document;
    const names = Object.keys(paths).sort((a, b) => a.split("{").length - b.split("{").length);
    const name = names.find((one) =>
      new RegExp(`^${one.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
    );
    return name === undefined ? undefined : paths[name]?.[method.toLowerCase()];
  }

  #answerOf(operation: Operation, status: number): Answer | undefined {
    const found = operation.responses[String(status)];
    return found?.$ref ? this.#document.components.responses[String(status)] : found;
  }

  #holdError(status: number, text: string, where: string): void {
    const said = JSON.parse(text) as { type: string };
    this.#hold(this.#document.components.schemas.Error, said, `${where}: error`);
    const { description = "" } = this.#document.components.responses[String(status)] ?? {};
    if (!description.includes(said.type)) throw new Error(`${where}: the type ${said.type} is not documented.`);
  }

  #hold(schema: object | undefined, value: unknown, where: string): void {
    if (!schema) throw new Error(`${where} has no schema: ${JSON.stringify(value).slice(0, 300)}`);
    const validate = this.#known.get(schema) ?? this.#ajv.compile(schema);
    this.#known.set(schema, validate);
    if (validate(value)) return;
    throw new Error(
      `${where} is not as documented: ${this.#ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 600)}`,
    );
  }
}

/** `anyQuery`: queries may have what is not documented, which the server passes over. */
export const checkerOf = async (base: string, { anyQuery = false } = {}): Promise<OpenApiChecker> =>
  new OpenApiChecker((await (await fetch(`${base}/v1/openapi.json`)).json()) as OpenApi, anyQuery);

const schemaIn = (content: Media | undefined): object | undefined => content?.["application/json"]?.schema;

/** A fetch that throws where an answer, or what got one, is other than the document says. */
export const checkedFetch =
  (checker: OpenApiChecker): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    // A form is not JSON, and its document says no more of it than its fields.
    const isForm = request.headers.get("content-type")?.startsWith("multipart/") ?? false;
    const sent = isForm ? "" : await request.clone().text();
    const response = await fetch(request);
    const { pathname, search } = new URL(request.url);
    const type = response.headers.get("content-type") ?? "";
    if (type.startsWith("text/event-stream"))
      return new Response(response.body?.pipeThrough(checkedEvents(checker, pathname)) ?? null, response);
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString();
    const { method } = request;
    const { status } = response;
    checker.check({ method, address: pathname + search, sent: jsonOf(sent), status, type, text });
    return new Response(status === 204 ? null : bytes, response);
  };

const jsonOf = (text: string): unknown => (text === "" ? undefined : JSON.parse(text));

function checkedEvents(checker: OpenApiChecker, path: string): TransformStream<Uint8Array, Uint8Array> {
  const reader = createEventReader();
  return new TransformStream({
    transform(bytes, controller) {
      for (const { data } of reader.push(bytes)) if (data !== "[DONE]") checker.checkEvent(path, JSON.parse(data));
      controller.enqueue(bytes);
    },
  });
}
