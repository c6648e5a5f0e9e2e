import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { send } from "./request.ts";

test("an error after a stream began breaks it off, so that no one waits for its end or takes it for whole", async () => {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: {}\n\n", () => send(response, 500, "{}", {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    signal: AbortSignal.timeout(2000),
  });
  await expect(answer.text()).rejects.toMatchObject({ name: "TypeError" });
  server.closeAllConnections();
  server.close();
});
