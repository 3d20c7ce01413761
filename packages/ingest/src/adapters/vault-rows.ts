const CARD_ROW = 'card#';
const TOKEN_ROW = 'token#';

/** The row of a card, by the HMAC of its number. */
export function cardRow(index: string): string {
  return `${CARD_ROW}${index}`;
}

/** What a card's row is named after. */
export function cardIndexOf(row: string): string {
  return row.slice(CARD_ROW.length);
}

/** The row that makes a token the only one of its card. */
export function tokenRow(token: string): string {
  return `${TOKEN_ROW}${token}`;
}
