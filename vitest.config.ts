import { defineConfig } from "vitest/config";

// An odd zone, so that the person who forgets UTC fails.
const env = {
  TZ: "Asia/Kathmandu",
  AUTH_SECRET: "t".repeat(64),
  KEY_PEPPER: "p".repeat(64),
  CONTENT_KEY: Buffer.alloc(32, 7).toString("base64url"),
};

export default defineConfig({
  test: {
    env,
    pool: "forks",
    // A test of the database waits half of its time, so all cores work, not all but one.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["**/*.db.test.ts", "**/node_modules/**", "e2e/**"],
          // They are pure, or put back what they changed: what is imported once serves all files of a process.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["**/*.db.test.ts"],
          exclude: ["**/node_modules/**", "e2e/**"],
          globalSetup: "./db/testing-setup.ts",
          hookTimeout: 60_000,
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "clients",
          include: ["e2e/clients/*.client.test.ts"],
          globalSetup: "./db/testing-setup.ts",
          hookTimeout: 60_000,
          testTimeout: 30_000,
        },
      },
    ],
  },
});
