/** A value of an event that has no members: patterns compare nothing else. */
export type Leaf = null | boolean | number | string;

/** Whether one value of the event is what the pattern asks for. */
export type LeafMatcher = (leaf: Leaf) => boolean;
