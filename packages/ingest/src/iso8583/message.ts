/** An ISO 8583 message as values: digits and text as they are, binary elements as upper-case hex. */
export interface Iso8583Message {
  /** Four digits: version, class, function, origin. */
  readonly mti: string;
  /** Values by data element number, bitmaps left out. */
  readonly elements: ReadonlyMap<number, string>;
}
