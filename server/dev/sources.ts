import fs from "node:fs";
import path from "node:path";
import type { BuildOptions } from "esbuild";

const quietMs = 30;

export type Sources = {
  folders: readonly string[];
  options: BuildOptions;
  /** Called when what was built differs from before, and when SQL changed, which is read as it lies. */
  onChange: () => Promise<unknown>;
};

/** Builds, and builds again after every change. A build that fails says why and changes nothing. */
export async function watchSources({ folders, options, onChange }: Sources): Promise<() => Promise<void>> {
  const esbuild = await import("esbuild");
  const context = await esbuild.context({ ...options, write: false });
  const build = async () => (await context.rebuild()).outputFiles ?? [];
  let known = fingerprint(await build());
  let isSqlChanged = false;
  let work: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const rebuild = async (): Promise<void> => {
    const files = await build().catch(() => undefined);
    if (!files || (fingerprint(files) === known && !isSqlChanged)) return;
    known = fingerprint(files);
    isSqlChanged = false;
    for (const { path: file, contents } of files) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, contents);
    }
    await onChange();
  };
  const note = (name: string | null): void => {
    if (!name || !/\.(ts|mjs|sql)$/.test(name)) return;
    isSqlChanged ||= name.endsWith(".sql");
    clearTimeout(timer);
    timer = setTimeout(() => {
      work = work.then(rebuild);
    }, quietMs);
  };
  const watchers = new Map<string, fs.FSWatcher>();
  for (const folder of folders) watchBelow(folder, watchers, note);
  return async () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    await work;
    await context.dispose();
  };
}

/** One watcher a folder: Node's own recursive one loses files that were replaced by name, as editors do. */
function watchBelow(folder: string, watchers: Map<string, fs.FSWatcher>, note: (name: string | null) => void): void {
  // A folder of this name may have gone and come back as another.
  watchers.get(folder)?.close();
  const watcher = fs.watch(folder, (_event, name) => {
    note(name);
    const child = path.join(folder, name ?? "");
    if (fs.statSync(child, { throwIfNoEntry: false })?.isDirectory()) watchBelow(child, watchers, note);
  });
  watcher.on("error", () => watcher.close());
  watchers.set(folder, watcher);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) watchBelow(path.join(folder, entry.name), watchers, note);
  }
}

const fingerprint = (files: readonly { path: string; hash: string }[]): string =>
  files.map(({ path: file, hash }) => `${file} ${hash}`).join("\n");
