import type { Iso8583Version } from '../iso8583/versions.ts';
import approvedResponses from './approved-responses.json' with { type: 'json' };
import { type PairElements, present, valid } from './pair-elements.ts';

/** What became of the authorization. */
export interface Verdict {
  /** DE39: two characters in 1987, three digits in 1993, four in 2003. */
  readonly responseCode: string;
  /** DE38. */
  readonly approvalCode: string | undefined;
  readonly isApproved: boolean;
  /** The network approved in the issuer's place and tells it afterwards. */
  readonly isStandIn: boolean;
}

/** The codes of all versions, which differ in length: two characters in 1987, three in 1993, four in 2003. */
const APPROVED: ReadonlySet<string> = new Set([
  ...approvedResponses['1987'],
  ...approvedResponses['1993'],
  ...approvedResponses['2003'],
]);
const RESPONSE_CODE = /^[0-9A-Z]{2,4}$/;
/** 0120, 0121, 0220, 0221 and the same of 1993 and 2003. A reversal advice brings no verdict: it approves nothing. */
const ADVICE = /^.[12]2/;
/** The element that names an earlier message: an advice that completes one was approved by whoever approved that. */
const ORIGINAL_ELEMENTS: Readonly<Record<Iso8583Version, number>> = { '1987': 90, '1993': 56, '2003': 56 };

/**
 * Reads DE38 and DE39. An advice carries the verdict itself, and its response only says that the advice arrived;
 * of anything else the response is the verdict.
 *
 * @throws UnreadableLineError MISSING_ELEMENT, INVALID_ELEMENT
 */
export function verdictOf(elements: PairElements): Verdict {
  const { version } = elements;
  const isAdvice = ADVICE.test(elements.pair.request.mti);
  const say = (number: number): string | undefined =>
    isAdvice ? elements.asked(number) : elements.pair.response.elements.get(number);
  const code = present(39, say(39));
  const responseCode = valid(39, RESPONSE_CODE.test(code) ? code : undefined, 'is no response code');
  const approvalCode = say(38);
  return {
    responseCode,
    approvalCode: approvalCode?.trim() === '' ? undefined : approvalCode,
    isApproved: isApprovedResponse(responseCode),
    isStandIn: isAdvice && elements.askedUnlessZero(ORIGINAL_ELEMENTS[version]) === undefined,
  };
}

/** True for a response code that is posted: one of `approved-responses.json`. A bank's own list may differ. */
export function isApprovedResponse(responseCode: string): boolean {
  return APPROVED.has(responseCode);
}
