import { type CainBody, type Merchant, withoutPans } from '@payments/schemas';
import { countryByLetters } from './country-code.ts';
import { DocumentError } from './errors.ts';
import { categoryByRange } from './merchant-category-range.ts';
import type { MerchantCategoryRow } from './reference-rows.ts';

/** DE43 of ISO 8583:1987 is 25 characters of name, 13 of city and 2 of country. */
const FIXED_LAYOUT_WIDTH = 40;
const FIXED_NAME_WIDTH = 25;

/**
 * The merchant category code of a message (ISO 18245).
 *
 * @throws DocumentError CONTEXT_MISSING
 */
export function categoryCodeOf({ Cntxt }: CainBody): string {
  if (Cntxt === undefined) throw new DocumentError('CONTEXT_MISSING', 'the message has no context (Cntxt)');
  return Cntxt.MrchntCtgyCd;
}

/**
 * The merchant as people know it, with its category in words.
 *
 * @throws DocumentError ACCEPTOR_MISSING, CONTEXT_MISSING
 */
export function merchantOf(body: CainBody, category: MerchantCategoryRow | undefined): Merchant {
  const { Accptr } = body;
  if (Accptr === undefined)
    throw new DocumentError('ACCEPTOR_MISSING', 'the message has no card acceptor (Accptr)');
  const id = Accptr.Id.trim();
  const country = countryByLetters(Accptr.Adr?.Ctry);
  return {
    name: nameIn(Accptr.NmAndLctn) || id || Accptr.NmAndLctn,
    categoryCode: categoryCodeOf(body),
    ...(id !== '' && { id }),
    ...(Accptr.Adr?.TwnNm !== undefined && { city: Accptr.Adr.TwnNm }),
    ...(country !== undefined && { country }),
    category: category?.name ?? categoryByRange(categoryCodeOf(body)),
    risk: category?.risk ?? 'STANDARD',
  };
}

/** The name in DE43: before the first backslash in IPM's layout, the first 25 characters in the fixed one. */
function nameIn(nameAndLocation: string): string {
  const [first = '', ...others] = nameAndLocation.split('\\');
  const name =
    others.length === 0 && nameAndLocation.length <= FIXED_LAYOUT_WIDTH
      ? nameAndLocation.slice(0, FIXED_NAME_WIDTH)
      : first;
  // What is cut may read as a card number where the whole did not.
  return withoutPans(name.trim().toWellFormed());
}
