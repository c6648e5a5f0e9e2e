/** The id of a model as its address spells it. */
export function modelOf(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return "";
  }
}
