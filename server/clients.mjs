// `npm run clients`: the client packages of the field, unmodified, against /v1.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { binary, quietStep, step, vitestReport } from "./tools.mjs";

const folder = path.join("e2e", "clients");

/** They are installed when they are asked for, so that installing the product stays quick. */
export async function clients(run) {
  const installed = await step("client packages", install);
  if (installed !== 0) return installed;
  const types = await quietStep("types of the client tests", binary("typescript", "tsc"), ["--project", folder]);
  const args = ["run", "--project", "clients", ...vitestReport("clients")];
  return (await step("client tests", () => run(binary("vitest"), args))) || types;
}

function install() {
  const stamp = path.join(folder, "node_modules", "comptoir-stamp");
  const lock = createHash("sha256")
    .update(fs.readFileSync(path.join(folder, "package-lock.json")))
    .digest("hex");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === lock) return 0;
  // Npm is no program but a script on Windows.
  const { status } = spawnSync("npm", ["ci"], { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  if (status === 0) fs.writeFileSync(stamp, lock);
  return status ?? 1;
}
