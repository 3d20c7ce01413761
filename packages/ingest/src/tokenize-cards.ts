import { passesLuhn } from '@payments/schemas';
import { IngestRequestError, TokenContentionError } from './errors.ts';
import type { TokenVault } from './ports.ts';

/** Cards that one invocation takes. */
export const CARDS_MAX = 500;
/** ISO/IEC 7812-1; shorter ones would leave a token too few random digits. */
const CARD_NUMBER = /^\d{12,19}$/;

/** What reference data keeps of a card number. */
export interface TokenizedCard {
  readonly token: string;
  readonly lastFour: string;
}

/**
 * Gives tokens for card numbers, for whoever brings cards into the reference data.
 *
 * @param request `{ cardNumbers: string[] }`
 * @returns a token for each, in the same order
 * @throws IngestRequestError naming the first that is no card number by its place, never by its digits; what the
 *   vault throws
 */
export async function tokenizeCards(
  request: unknown,
  vault: TokenVault,
): Promise<{ readonly tokens: readonly TokenizedCard[] }> {
  const cardNumbers = cardNumbersOf(request);
  const tokens = await vault.tokensFor(cardNumbers);
  return {
    tokens: cardNumbers.map((cardNumber) => {
      const token = tokens.get(cardNumber);
      if (token === undefined) throw new TokenContentionError(undefined);
      return { token, lastFour: cardNumber.slice(-4) };
    }),
  };
}

/** @throws IngestRequestError */
function cardNumbersOf(request: unknown): readonly string[] {
  const numbers =
    typeof request === 'object' && request !== null && 'cardNumbers' in request && request.cardNumbers;
  if (!Array.isArray(numbers)) throw new IngestRequestError('the request is not { cardNumbers: [] }');
  if (numbers.length > CARDS_MAX)
    throw new IngestRequestError(`${numbers.length} card numbers are more than ${CARDS_MAX}`);
  return numbers.map((number: unknown, index) => {
    if (typeof number !== 'string' || !CARD_NUMBER.test(number) || !passesLuhn(number))
      throw new IngestRequestError(`number ${index} of the list is no card number`);
    return number;
  });
}
