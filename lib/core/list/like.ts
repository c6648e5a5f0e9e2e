/** A text as it may be asked for: no stored text has a NUL, and the database takes none. */
export const searchable = (text: string): string => text.replaceAll("\0", "\uFFFD");

/** A pattern for `like` that finds a text anywhere, its own signs taken literally. */
export const containing = (text: string): string => `%${searchable(text).replace(/[\\%_]/g, "\\$&")}%`;
