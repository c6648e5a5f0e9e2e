/** A pattern for `like` that finds a text anywhere, its own signs taken literally. No stored text has a NUL. */
export const containing = (text: string): string => `%${text.replace(/\0/g, "\uFFFD").replace(/[\\%_]/g, "\\$&")}%`;
