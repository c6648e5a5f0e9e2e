import http from "node:http";
import { Readable } from "node:stream";
import type { Sql } from "#db/client.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { blobsPrefix } from "#lib/domain/retention/blobs/rules.ts";
import { formOf, formType, type Part } from "#lib/testing/forms.ts";

/** For tests: sends files to `/v1`, and counts what there is of an organization. */
export const filesAt = (port: number, sql: Sql) => ({
  upload: async (secret: string, parts: readonly Part[], type = formType) => {
    const headers = { authorization: `Bearer ${secret}`, "content-type": type };
    const asked = { method: "POST", headers, body: formOf(parts) };
    const response = await fetch(`http://127.0.0.1:${port}/v1/files`, asked);
    return { status: response.status, body: JSON.parse(await response.text()) };
  },
  /** Sends a form piece by piece. */
  begin: (secret: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>, length?: number) => {
    const headers = {
      authorization: `Bearer ${secret}`,
      "content-type": formType,
      ...(length !== undefined && { "content-length": length }),
    };
    const request = http.request({ port, host: "127.0.0.1", path: "/v1/files", method: "POST", headers });
    request.on("error", () => undefined);
    Readable.from(pieces).pipe(request);
    return request;
  },
  rowsOf: async ({ organizationId }: OrganizationContext) => {
    const [row] = await sql`select (select count(*)::int from files where organization_id = ${organizationId}) as files,
      (select count(*)::int from blobs where organization_id = ${organizationId}) as blobs`;
    return { ...row, objects: (await objectsOf(organizationId)).length };
  },
});

/** The stored objects of an organization's files. */
export async function objectsOf(organizationId: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of storage().list(`${blobsPrefix}${organizationId}`)) found.push(key);
  return found;
}
