import { type CainBody, type Merchant, withoutPans } from '@payments/schemas';
import { StandardizeError } from './errors.ts';
import { presentMembers } from './present-members.ts';

/** Max99Text and Max50Text of the acceptor's name and location, and of its town. */
const NAME_AND_LOCATION_MAX = 99;
const TOWN_MAX = 50;

/** DE43 of ISO 8583:1987: 25 characters of name, 13 of city, 2 of country. */
const NAME_WIDTH = 25;
const CITY_WIDTH = 13;

/**
 * The card acceptor (`Accptr`), from DE42 and DE43.
 *
 * @param nameAndLocation DE43 as received; composed from the parts where the source did not send it whole
 * @throws StandardizeError MERCHANT_ID_MISSING, MERCHANT_NAME_MISSING
 */
export function cardAcceptorOf(
  merchant: Merchant,
  nameAndLocation: string | undefined,
): NonNullable<CainBody['Accptr']> {
  if (merchant.id === undefined)
    throw new StandardizeError('MERCHANT_ID_MISSING', 'the card acceptor has no id (DE42)');
  const received =
    nameAndLocation === undefined || nameAndLocation.trim() === '' ? undefined : nameAndLocation;
  const NmAndLctn = beginningOf(received ?? composed(merchant), NAME_AND_LOCATION_MAX);
  if (NmAndLctn.trim() === '')
    throw new StandardizeError('MERCHANT_NAME_MISSING', 'the card acceptor has no name (DE43)');
  const Adr = presentMembers({
    TwnNm: merchant.city && withoutPans(beginningOf(merchant.city, TOWN_MAX)),
    Ctry: merchant.country,
  });
  return presentMembers({
    Id: merchant.id,
    // What is cut or put together may read as a card number where its parts did not.
    NmAndLctn: withoutPans(NmAndLctn),
    Adr: Object.keys(Adr).length === 0 ? undefined : Adr,
  });
}

/** The parts in the layout of DE43 where they fit, else in that of IPM, which puts a backslash between them. */
function composed({ name, city = '', country = '' }: Merchant): string {
  if (name.length <= NAME_WIDTH && city.length <= CITY_WIDTH)
    return `${name.padEnd(NAME_WIDTH)}${city.padEnd(CITY_WIDTH)}${country}`;
  return [name, city, country].join('\\');
}

/** The first characters of a text; none is cut in half. */
function beginningOf(text: string, length: number): string {
  return text.length <= length ? text : [...text].slice(0, length).join('');
}
