/** Rows of a heat map each time that times double: row r begins at 2^(r / rowsADoubling) nanoseconds. */
export const rowsADoubling = 6;
