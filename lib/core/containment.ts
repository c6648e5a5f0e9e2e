/** Whether a JSON value has all that another asks for, as PostgreSQL's `@>` has it: parts of objects, elements of lists. */
export function contains(has: unknown, asked: unknown): boolean {
  if (Array.isArray(asked))
    return Array.isArray(has) && asked.every((one) => has.some((other) => contains(other, one)));
  if (typeof asked !== "object" || asked === null) return has === asked;
  if (typeof has !== "object" || has === null || Array.isArray(has)) return false;
  return Object.entries(asked).every(
    ([name, value]) => Object.hasOwn(has, name) && contains(has[name as keyof typeof has], value),
  );
}
