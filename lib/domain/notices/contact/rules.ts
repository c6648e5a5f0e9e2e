/** How long a new contact has to answer the letter. */
export const confirmationDays = 3;
