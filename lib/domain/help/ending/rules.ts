/** For how long files of a closed ticket are kept. The rest of it is kept for a year. */
export const fileDays = 90;
