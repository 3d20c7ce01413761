import { type PairElements, present, valid } from './pair-elements.ts';

/** What became of the authorization. */
export interface Verdict {
  /** DE39: two characters in 1987, three digits in 1993. */
  readonly responseCode: string;
  /** DE38. */
  readonly approvalCode: string | undefined;
  readonly isApproved: boolean;
  /** The network approved in the issuer's place and tells it afterwards. */
  readonly isStandIn: boolean;
}

/**
 * The response codes that are posted: approved (00), with identification (08), in part (10), VIP (11), no reason
 * to decline (85); and the same of 1993, with a reversal accepted (400). A bank's own list may differ.
 */
const APPROVED_RESPONSE_CODES: ReadonlySet<string> = new Set([
  '00',
  '08',
  '10',
  '11',
  '85',
  '000',
  '001',
  '002',
  '003',
  '400',
]);
const RESPONSE_CODE = /^[0-9A-Z]{2,3}$/;
/** 0120, 0121, 0220, 0221 and the same of 1993. A reversal advice is no stand-in: it approves nothing. */
const STAND_IN_ADVICE = /^.[12]2/;

/**
 * Reads DE38 and DE39. A stand-in advice carries the verdict itself, and its response only says that the advice
 * arrived; of anything else the response is the verdict.
 *
 * @throws UnreadableLineError MISSING_ELEMENT, INVALID_ELEMENT
 */
export function verdictOf(elements: PairElements): Verdict {
  const isStandIn = STAND_IN_ADVICE.test(elements.pair.request.mti);
  const say = (number: number): string | undefined =>
    isStandIn ? elements.asked(number) : elements.pair.response.elements.get(number);
  const code = present(39, say(39));
  const responseCode = valid(39, RESPONSE_CODE.test(code) ? code : undefined, 'is no response code');
  const approvalCode = say(38);
  return {
    responseCode,
    approvalCode: approvalCode?.trim() === '' ? undefined : approvalCode,
    isApproved: isApprovedResponse(responseCode),
    isStandIn,
  };
}

/** True for a response code that is posted. */
export function isApprovedResponse(responseCode: string): boolean {
  return APPROVED_RESPONSE_CODES.has(responseCode);
}
