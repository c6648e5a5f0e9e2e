import { notFound } from "next/navigation";
import { AppError } from "#lib/core/errors.ts";

/** Shows the page for missing things when a query says that its object does not exist, or is someone else's. */
export async function found<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && error.problem === "not_found") notFound();
    throw error;
  }
}
