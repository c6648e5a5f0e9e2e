import { refresh } from "next/cache";
import { AppError } from "#lib/core/errors.ts";

/** When the terms changed under a person's click, the page they are on gets the new ones. */
export async function withFreshTerms<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === "terms_changed") refresh();
    throw error;
  }
}
