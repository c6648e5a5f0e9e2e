/** Longer than any of the answers takes that must not tell whether an account exists, password hash included. */
export const evenAnswerMs = 600;
