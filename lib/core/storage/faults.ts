import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { writeAll } from "./objects.ts";
import type { Storage, Writing } from "./port.ts";

const retryAfter = 60;

/**
 * A full disk or a bucket that is away is the operator's to read in the log; who sent something hears that nothing of it was
 * kept, and when to send it again.
 */
export function toldInWords(storage: Storage): Storage {
  const begin = async (key: string): Promise<Writing> => {
    const writing = await told(() => storage.begin(key));
    return {
      add: (part) => told(() => writing.add(part)),
      finish: () => told(() => writing.finish()),
      abort: () => writing.abort(),
    };
  };
  return { ...storage, begin, write: async (key, pieces) => writeAll(await begin(key), pieces) };
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    logError("storage", cause);
    const message = "Files cannot be stored at the moment. Nothing of this was kept; send it again in a minute.";
    throw new AppError("unavailable", message, { code: "storage_unavailable", retryAfter, cause });
  }
}
