/** A pattern for `like` that finds a text anywhere, its own signs taken literally. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
