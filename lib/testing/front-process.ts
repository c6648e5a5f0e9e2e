import { sql } from "#db/client.ts";
import { parse } from "#lib/core/env.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { openFront } from "#server/front.ts";

/** A process that answers `/v1` on a port it tells, to be killed by tests. */
const env = parse({ ...process.env, PORT: "0", EMBEDDED_MODELS: "off" });
const { port } = await openFront({ env, plane: await openDataPlane(sql(), env), consolePort: undefined });
process.send?.(port);
