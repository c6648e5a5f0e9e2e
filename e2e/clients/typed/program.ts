import createClient from "openapi-fetch";
import { createClient as createOther } from "./hey/client/index.ts";
import { getV1Models, postV1ChatCompletions } from "./hey/sdk.gen.ts";
import * as plain from "./orval.ts";
import type { paths } from "./paths.ts";

type Options = { baseUrl: string; apiKey: string };

const model = "small";
const messages = [{ role: "user" as const, content: "Say hello." }];

/** A program as a customer writes it on clients that were generated: each lists models, asks one, and reads a refusal. */
export async function ask({ baseUrl, apiKey }: Options): Promise<Record<string, unknown[]>> {
  const headers = { authorization: `Bearer ${apiKey}` };
  return {
    "openapi-fetch": await withOpenApiFetch(baseUrl, headers),
    "hey-api": await withHeyApi(baseUrl, headers),
    orval: await withOrval(headers),
  };
}

async function withOpenApiFetch(baseUrl: string, headers: Record<string, string>): Promise<unknown[]> {
  const client = createClient<paths>({ baseUrl, headers });
  const { data: listed } = await client.GET("/v1/models");
  const { data: said } = await client.POST("/v1/chat/completions", { body: { model, messages } });
  const { error } = await client.POST("/v1/chat/completions", { body: { model: "none", messages } });
  const { data: found } = await client.GET("/v1/models/{id}", { params: { path: { id: model } } });
  const text = said?.object === "chat.completion" && said.choices[0]?.message.content;
  return [listed?.data.map(({ id }) => id), text, error?.error.type, found?.id];
}

async function withHeyApi(baseUrl: string, headers: Record<string, string>): Promise<unknown[]> {
  const client = createOther({ baseUrl, headers });
  const { data: listed } = await getV1Models({ client });
  const { data: said } = await postV1ChatCompletions({ client, body: { model, messages } });
  const { error } = await postV1ChatCompletions({ client, body: { model: "none", messages } });
  const text = said?.object === "chat.completion" && said.choices[0]?.message.content;
  return [listed?.data.map(({ id }) => id), text, error?.error.type];
}

/** Its addresses are whole from the start. */
async function withOrval(headers: Record<string, string>): Promise<unknown[]> {
  const listed = await plain.getV1Models({}, { headers });
  const said = await plain.postV1ChatCompletions({ model, messages }, { headers });
  const refused = await plain.postV1ChatCompletions({ model: "none", messages }, { headers });
  return [
    listed.status === 200 && listed.data.data.map(({ id }) => id),
    said.status === 200 && said.data.object === "chat.completion" && said.data.choices[0]?.message.content,
    refused.status === 400 && refused.data.error.type,
  ];
}
