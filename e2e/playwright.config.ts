import fs from "node:fs";
import path from "node:path";
import { defineConfig, devices } from "@playwright/test";

const port = Number(process.env.E2E_PORT ?? 3210);
const root = new URL("..", import.meta.url).pathname;
/** What the server writes is read at the end, for secrets that should not be there. */
const log = path.join(root, "test-results", "e2e-server.log");
fs.mkdirSync(path.dirname(log), { recursive: true });

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/e2e",
  fullyParallel: true,
  workers: 2,
  // A test that needs a second try is a broken test.
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [["list"], ["json"]],
  use: {
    baseURL: `http://localhost:${port}`,
    // Recording every test costs a quarter of the whole run; `E2E_TRACE=on` records those that fail.
    trace: process.env.E2E_TRACE === "on" ? "retain-on-failure" : "off",
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
  projects: [
    { name: "setup", testMatch: "**/*.setup.ts" },
    { name: "clients", testMatch: ["sdk/*.spec.ts", "operations/*.spec.ts"] },
    {
      name: "browser",
      testMatch: "*.spec.ts",
      testIgnore: ["sdk/**", "operations/**", "after/**"],
      use: { ...devices["Desktop Chrome"] },
      dependencies: ["setup"],
    },
    { name: "after", testMatch: "after/*.spec.ts", dependencies: ["clients", "browser"] },
  ],
  webServer: {
    command: `node server/run.mjs start > "${log}" 2>&1`,
    cwd: root,
    url: `http://localhost:${port}/health`,
    timeout: 180_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
    env: {
      PORT: String(port),
      DATA_DIR: process.env.E2E_DATA_DIR ?? ".data/e2e",
      TZ: "Asia/Kathmandu",
      // Tests say themselves where they come from.
      TRUSTED_PROXIES: "1",
      OUTGOING_ALLOWED_RANGES: "127.0.0.0/8",
    },
    stdout: "ignore",
  },
});
