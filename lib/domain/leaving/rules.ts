/** For how long the conversations of a person who left stay, should they come back. */
export const conversationDays = 30;

/** For how long the records of a deleted organization are kept: what tax and commercial law ask for. */
const recordYears = 10;

/** The end of the tenth calendar year after the one in which an organization was deleted. */
export const recordsEnd = (deletedAt: Date): Date =>
  new Date(Date.UTC(deletedAt.getUTCFullYear() + recordYears + 1, 0, 1));
