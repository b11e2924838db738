/** The label of the series that all words share which have no series of their own, so that the number of series is bounded. */
export const OTHER = "other";
