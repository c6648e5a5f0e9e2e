import fs from "node:fs";
import path from "node:path";
import { defineConfig, devices } from "@playwright/test";

const port = Number(process.env.E2E_PORT ?? 3210);
const root = new URL("..", import.meta.url).pathname;
/** What the server writes is read at the end, for secrets that should not be there. */
const log = path.join(root, "test-results", "e2e-server.log");
fs.mkdirSync(path.dirname(log), { recursive: true });

/**
 * Each window of a whole browser would load two pages for suggestions under its address bar, which no one sees here: a
 * second of work. Only the last list counts, so what Playwright itself switches off stands here too.
 */
const switchedOff = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "AimEnabled",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];

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
    // Nothing waits for a movement to end.
    contextOptions: { reducedMotion: "reduce" },
    // Recording every test costs a quarter of the whole run; `E2E_TRACE=on` records those that fail.
    trace: process.env.E2E_TRACE === "on" ? "retain-on-failure" : "off",
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        `--disable-features=${switchedOff.join(",")}`,
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
  projects: [
    // Each shard signs in its own accounts first, and looks for secrets in its own logs last.
    { name: "setup", testMatch: "**/*.setup.ts", teardown: "after" },
    { name: "clients", testMatch: ["sdk/*.spec.ts", "operations/*.spec.ts"], dependencies: ["setup"] },
    {
      name: "browser",
      testMatch: "*.spec.ts",
      testIgnore: ["sdk/**", "operations/**", "after/**"],
      use: { ...devices["Desktop Chrome"] },
      dependencies: ["setup"],
    },
    { name: "after", testMatch: "after/*.spec.ts" },
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
      // No one watches a training here for its own sake.
      TRAINING_PACE: "off",
      OUTGOING_ALLOWED_RANGES: "127.0.0.0/8",
    },
    stdout: "ignore",
  },
});
